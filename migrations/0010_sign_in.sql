-- How members prove who they are, and the keys that sign what is said of them.

create table if not exists browser_session (
    id        text   primary key,
    member    text   not null,
    auth_time bigint not null,
    amr       text   not null,
    acr       bigint not null,
    created   bigint not null,
    seen      bigint not null,
    expires   bigint not null,
    ended     bigint not null,
    agent     text   not null,
    address   text   not null
);

create index if not exists browser_session_member on browser_session (member);

create index if not exists browser_session_expires on browser_session (expires);

create table if not exists password (
    member  text   primary key,
    phc     text   not null,
    changed bigint not null
);

create table if not exists one_time_link (
    id      text   primary key,
    purpose text   not null,
    member  text   not null,
    created bigint not null,
    expires bigint not null,
    used    bigint not null
);

create table if not exists consent (
    member text   not null,
    client text   not null,
    scopes text   not null,
    at     bigint not null,
    primary key (member, client)
);

create table if not exists signing_key (
    id      text   primary key,
    purpose text   not null,
    alg     text   not null,
    sealed  text   not null,
    created bigint not null,
    starts  bigint not null,
    retired bigint not null,
    gone    bigint not null
);
