-- Clients that prove who they are with a key of their own.

alter table client add column jwks text not null default '';

alter table client add column jwks_uri text not null default '';

alter table client add column assertion_alg text not null default '';
