-- Every change of a fact, in the order of the commits, without gaps: seq comes
-- from the one row of change_head, taken first in the fact's transaction.

create table if not exists change_head (
    name  text   primary key,
    epoch text   not null,
    seq   bigint not null
);

create table if not exists change (
    epoch   text   not null,
    seq     bigint not null,
    entity  text   not null,
    id      text   not null,
    image   text   not null,
    members text   not null,
    actor   text   not null,
    at      bigint not null,
    primary key (epoch, seq)
);

create table if not exists audit (
    id        text   primary key,
    at        bigint not null,
    actor     text   not null,
    action    text   not null,
    subject   text   not null,
    request   text   not null,
    epoch     text   not null,
    first_seq bigint not null,
    last_seq  bigint not null
);

create index if not exists audit_at on audit (at);
