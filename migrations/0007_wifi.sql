-- Access points, the networks they serve, and what members log on with.

create table if not exists access_point (
    id      text    primary key,
    name    text    not null,
    prefix  text    not null,
    secret  text    not null,
    network text    not null,
    no_message_authenticator boolean not null,
    removed bigint  not null,
    seq     bigint  not null
);

create table if not exists network (
    slug     text   primary key,
    ssid     text   not null,
    location text   not null,
    rules    text   not null,
    vlan     bigint not null,
    removed  bigint not null,
    seq      bigint not null
);

create table if not exists wifi_pass (
    id       text   primary key,
    member   text   not null,
    login    text   not null,
    verifier text   not null,
    created  bigint not null,
    expires  bigint not null,
    revoked  bigint not null,
    seq      bigint not null
);
