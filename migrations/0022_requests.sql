-- What members may ask for, and what they asked for.

create table if not exists opening (
    thing  text   primary key,
    starts bigint not null,
    ends   bigint not null,
    words  text   not null,
    closed bigint not null,
    seq    bigint not null
);

create table if not exists request (
    id          text   primary key,
    member      text   not null,
    thing       text   not null,
    words       text   not null,
    asked       bigint not null,
    expires     bigint not null,
    outcome     text   not null,
    answered_by text   not null,
    answered    bigint not null,
    answer      text   not null,
    seq         bigint not null
);
