-- Of each algorithm there is one signing key at most that nobody has told when
-- to retire, so that of two processes that make its successor one wins. Where
-- two first starts crossed, the key that does not sign retires.

update signing_key
set    retired = created + 1, gone = created + 34560000000000
where  retired = 0
and    exists (
    select 1
    from   signing_key other
    where  other.purpose = signing_key.purpose and other.alg = signing_key.alg and other.retired = 0
    and    (other.starts > signing_key.starts or other.starts = signing_key.starts and other.id < signing_key.id));

create unique index if not exists signing_key_newest on signing_key (purpose, alg) where retired = 0;
