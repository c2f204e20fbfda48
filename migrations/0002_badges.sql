-- What members earn.

create table if not exists badge (
    slug        text    primary key,
    name        text    not null,
    description text    not null,
    earn        text    not null,
    earn_url    text    not null,
    mode        text    not null,
    valid_for   bigint  not null,
    in_claims   boolean not null,
    retired     bigint  not null,
    seq         bigint  not null
);

create table if not exists badge_award (
    id            text   primary key,
    badge         text   not null,
    member        text   not null,
    awarded_by    text   not null,
    awarded_at    bigint not null,
    expires       bigint not null,
    revoked       bigint not null,
    revoked_by    text   not null,
    revoke_reason text   not null,
    superseded_by text   not null,
    evidence      text   not null,
    method        text   not null,
    seq           bigint not null
);
