-- Clients whose tokens must be bound to a key (RFC 9449).

alter table client add column require_dpop boolean not null default false;
