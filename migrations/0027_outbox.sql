-- What clients were told in which sign-in, and what is to be said to others
-- after a change.

create table if not exists told (
    session text   not null,
    client  text   not null,
    named   text   not null,
    member  text   not null,
    acr     bigint not null,
    digest  text   not null,
    at      bigint not null,
    primary key (session, client, named)
);

create index if not exists told_member on told (member);

create index if not exists told_client on told (client);

create index if not exists told_at on told (at);

create table if not exists outbox (
    id       text   primary key,
    kind     text   not null,
    receiver text   not null,
    member   text   not null,
    session  text   not null,
    reason   text   not null,
    created  bigint not null,
    due      bigint not null,
    attempts bigint not null,
    done     bigint not null,
    outcome  text   not null,
    answer   text   not null
);

create index if not exists outbox_due on outbox (due) where done = 0;

create index if not exists outbox_created on outbox (created);

create table if not exists follower (
    name  text   primary key,
    epoch text   not null,
    seq   bigint not null
);
