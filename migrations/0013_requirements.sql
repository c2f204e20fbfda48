-- What badges ask for, and how far members are: requirements, the learning
-- environments and courses they point at, who members are there, what they
-- have met, and requests to be signed off.

create table if not exists badge_requirement (
    badge   text   not null,
    slug    text   not null,
    name    text   not null,
    kind    text   not null,
    alternative text not null,
    course  text   not null,
    needs   text   not null,
    form    text   not null,
    age     bigint not null,
    removed bigint not null,
    seq     bigint not null,
    primary key (badge, slug)
);

create table if not exists vle (
    slug     text   primary key,
    kind     text   not null,
    label    text   not null,
    base_url text   not null,
    secret   text   not null,
    removed  bigint not null,
    seq      bigint not null
);

create table if not exists vle_course (
    id       text   primary key,
    vle      text   not null,
    external text   not null,
    name     text   not null,
    removed  bigint not null,
    seq      bigint not null
);

create table if not exists vle_identity (
    vle       text   not null,
    member    text   not null,
    external  text   not null,
    linked_by text   not null,
    linked    bigint not null,
    removed   bigint not null,
    seq       bigint not null,
    primary key (vle, member)
);

create table if not exists requirement_result (
    id          text   primary key,
    member      text   not null,
    badge       text   not null,
    requirement text   not null,
    met_at      bigint not null,
    expires     bigint not null,
    source      text   not null,
    reference   text   not null,
    recorded_by text   not null,
    removed     bigint not null,
    seq         bigint not null
);

create table if not exists signoff_request (
    id        text   primary key,
    member    text   not null,
    badge     text   not null,
    requested bigint not null,
    expires   bigint not null,
    outcome   text   not null,
    answered_by text not null,
    answered  bigint not null,
    reason    text   not null,
    seq       bigint not null
);
