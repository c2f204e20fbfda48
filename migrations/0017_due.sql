-- The passing of time as it was last told: one row for what members have, one
-- for rules. The change log has what was told before.

create table if not exists due (
    part    text   primary key,
    at      bigint not null,
    members text   not null,
    seq     bigint not null
);
