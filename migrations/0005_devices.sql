-- Cards and the doors they are held to. access_event keeps the newest swipes
-- only.

create table if not exists credential (
    id      text   primary key,
    member  text   not null,
    kind    text   not null,
    label   text   not null,
    lookup  text   not null,
    sealed  text   not null,
    status  text   not null,
    added   bigint not null,
    expires bigint not null,
    seq     bigint not null
);

create table if not exists device (
    id          text    primary key,
    name        text    not null,
    kind        text    not null,
    location    text    not null,
    right_slug  text    not null,
    client      text    not null,
    maintenance boolean not null,
    two_person  boolean not null,
    removed     bigint  not null,
    seq         bigint  not null
);

create table if not exists access_event (
    id       text    primary key,
    at       bigint  not null,
    front    text    not null,
    device   text    not null,
    point    text    not null,
    member   text    not null,
    right_slug text  not null,
    location text    not null,
    allow    boolean not null,
    reason   text    not null
);

create index if not exists access_event_at on access_event (at);
