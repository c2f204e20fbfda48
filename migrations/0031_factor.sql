-- What members prove who they are with beside a password.

create table if not exists factor (
    id      text   primary key,
    member  text   not null,
    kind    text   not null,
    name    text   not null,
    data    text   not null,
    counter bigint not null,
    created bigint not null,
    used    bigint not null,
    ended   bigint not null
);

create index if not exists factor_member on factor (member);
