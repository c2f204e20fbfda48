-- Tokens by which clients register themselves (RFC 7591, section 3), each by
-- its hash.

create table if not exists registration_token (
    id      text   primary key,
    name    text   not null unique,
    owner   text   not null,
    made_by text   not null,
    created bigint not null,
    expires bigint not null,
    revoked bigint not null,
    uses    bigint not null,
    used    bigint not null
);
