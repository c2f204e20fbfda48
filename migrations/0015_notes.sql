-- Free text about members, for who manages them.

create table if not exists member_note (
    id         text   primary key,
    member     text   not null,
    note       text   not null,
    written_by text   not null,
    at         bigint not null,
    removed    bigint not null,
    removed_by text   not null,
    seq        bigint not null
);
