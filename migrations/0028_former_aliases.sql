-- What clients called members before: such a name stays theirs.

alter table username_alias add column former text not null default '';
