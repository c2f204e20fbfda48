-- What one thing was at a place in the change log, without reading all of it.

create index if not exists change_of_thing on change (entity, id, seq);
