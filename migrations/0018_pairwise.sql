-- Clients to whom members are known by subjects of their own.

alter table client add column subject_type text not null default '';

alter table client add column sector_uri text not null default '';
