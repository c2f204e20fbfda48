-- What single clients call members, where it is not their username.

create table if not exists username_alias (
    client   text   not null,
    member   text   not null,
    username text   not null,
    removed  bigint not null,
    seq      bigint not null,
    primary key (client, member)
);
