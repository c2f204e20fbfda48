-- Years, terms and seasons, and what counts within one only.

create table if not exists period (
    slug    text    primary key,
    label   text    not null,
    kind    text    not null,
    starts  bigint  not null,
    ends    bigint  not null,
    current boolean not null,
    seq     bigint  not null
);

alter table badge_award add column period text not null default '';

alter table tag_assignment add column period text not null default '';

alter table affiliation add column period text not null default '';

alter table location_grant add column period text not null default '';
