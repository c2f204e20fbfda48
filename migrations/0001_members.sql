-- Who there is, what the organisation is called, and the plain labels.

create table if not exists settings (
    id              text primary key,
    name            text not null,
    membership_type text not null,
    membership_kind text not null,
    seq             bigint not null
);

create table if not exists member (
    id             text    primary key,
    sub            text    not null,
    username       text    not null,
    former         text    not null,
    name           text    not null,
    given_name     text    not null,
    family_name    text    not null,
    locale         text    not null,
    email          text    not null,
    email_verified boolean not null,
    state          text    not null,
    set_by         text    not null,
    since          bigint  not null,
    paid_until     bigint  not null,
    grace_until    bigint  not null,
    barred_at      bigint  not null,
    barred_by      text    not null,
    bar_reason     text    not null,
    erased_at      bigint  not null,
    seq            bigint  not null
);

create unique index if not exists member_sub on member (sub) where sub <> '';

create unique index if not exists member_username on member (username) where username <> '';

create table if not exists tag (
    slug        text    primary key,
    label       text    not null,
    description text    not null,
    targets     text    not null,
    in_claims   boolean not null,
    seq         bigint  not null
);

create table if not exists tag_assignment (
    id          text   primary key,
    tag         text   not null,
    target      text   not null,
    target_id   text   not null,
    assigned_by text   not null,
    assigned_at bigint not null,
    starts      bigint not null,
    expires     bigint not null,
    removed     bigint not null,
    removed_by  text   not null,
    seq         bigint not null
);
