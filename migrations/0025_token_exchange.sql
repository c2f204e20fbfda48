-- What clients may exchange members' tokens for (RFC 8693).

alter table client add column exchange_targets text not null default '';
