-- What devices show for a member to type, and how often they may ask
-- (RFC 8628). What comes of it is a grant, whose id this is.

create table if not exists device_code (
    id        text   primary key,
    user_code text   not null unique,
    wait      bigint not null,
    polled    bigint not null,
    expires   bigint not null
);

create index if not exists device_code_expires on device_code (expires);
