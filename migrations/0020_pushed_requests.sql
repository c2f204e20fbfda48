-- Authorization requests that clients push ahead (RFC 9126), and the clients
-- that must.

create table if not exists pushed_request (
    id      text   primary key,
    client  text   not null,
    form    text   not null,
    expires bigint not null,
    used    bigint not null
);

create index if not exists pushed_request_expires on pushed_request (expires);

alter table client add column require_pushed boolean not null default false;
