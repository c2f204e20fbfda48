-- The one tree of places, what may be done there, by whom, and what stops it.
-- A location's path is not stored, so a move writes one row.

create table if not exists application (
    slug   text primary key,
    root   text not null,
    client text not null,
    seq    bigint not null
);

create table if not exists location (
    id          text    primary key,
    parent      text    not null,
    slug        text    not null,
    name        text    not null,
    inherit     boolean not null,
    is_open     boolean not null,
    object      text    not null,
    external_id text    not null,
    archived    bigint  not null,
    seq         bigint  not null
);

create table if not exists location_right (
    location     text    not null,
    slug         text    not null,
    description  text    not null,
    states       text    not null,
    not_physical boolean not null,
    egress       boolean not null,
    is_public    boolean not null,
    acr          bigint  not null,
    removed      bigint  not null,
    seq          bigint  not null,
    primary key (location, slug)
);

create table if not exists role (
    slug     text    primary key,
    app      text    not null,
    label    text    not null,
    metadata text    not null,
    rights   text    not null,
    all_but  boolean not null,
    seq      bigint  not null
);

create table if not exists location_grant (
    id         text   primary key,
    location   text   not null,
    subject    text   not null,
    right_slug text   not null,
    role       text   not null,
    effect     text   not null,
    weekly     text   not null,
    starts     bigint not null,
    expires    bigint not null,
    created_by text   not null,
    created_at bigint not null,
    reason     text   not null,
    removed    bigint not null,
    seq        bigint not null
);

create table if not exists gate (
    id         text   primary key,
    location   text   not null,
    right_slug text   not null,
    any_of     text   not null,
    created_by text   not null,
    reason     text   not null,
    removed    bigint not null,
    seq        bigint not null
);

create table if not exists waiver (
    id       text   primary key,
    gate     text   not null,
    member   text   not null,
    given_by text   not null,
    reason   text   not null,
    starts   bigint not null,
    expires  bigint not null,
    removed  bigint not null,
    seq      bigint not null
);

create table if not exists lockdown (
    id       text   primary key,
    location text   not null,
    set_by   text   not null,
    reason   text   not null,
    starts   bigint not null,
    exempt   text   not null,
    lifted   bigint not null,
    seq      bigint not null
);
