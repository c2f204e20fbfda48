-- What members tell of themselves: the rest of the standard claims. address is
-- JSON, which nobody asks about.

create table if not exists profile (
    member         text    primary key,
    middle_name    text    not null,
    nickname       text    not null,
    page           text    not null,
    picture        text    not null,
    website        text    not null,
    gender         text    not null,
    birthdate      text    not null,
    zoneinfo       text    not null,
    phone          text    not null,
    phone_verified boolean not null,
    address        text    not null,
    updated_at     bigint  not null,
    seq            bigint  not null
);
