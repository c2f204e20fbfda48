-- Letters to members, and how many of a kind each was sent lately.

create table if not exists mail_message (
    id       text   primary key,
    kind     text   not null,
    member   text   not null,
    address  text   not null,
    sealed   text   not null,
    created  bigint not null,
    due      bigint not null,
    attempts bigint not null,
    done     bigint not null,
    outcome  text   not null,
    answer   text   not null
);

create index if not exists mail_message_due on mail_message (due) where done = 0;

create index if not exists mail_message_created on mail_message (created);

create index if not exists mail_message_member on mail_message (member);

create table if not exists mail_pace (
    member text   not null,
    kind   text   not null,
    began  bigint not null,
    n      bigint not null,
    primary key (member, kind)
);
