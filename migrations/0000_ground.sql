-- What the runner itself stands on. Its statements run at every start, so each
-- may be run again.

create table if not exists migration (
    number   bigint primary key,
    name     text   not null,
    checksum text   not null,
    steps    bigint not null,
    at       bigint not null
);

create table if not exists lease (
    name    text   primary key,
    owner   text   not null,
    expires bigint not null
);

create table if not exists meta (
    name  text primary key,
    value text not null
);
