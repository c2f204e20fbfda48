-- Clients that are somebody's own, and those that registered themselves.

alter table client add column owner text not null default '';

alter table client add column registration text not null default 'null';
