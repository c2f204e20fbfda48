-- Where clients are told that a sign-in has ended.

alter table client add column backchannel_uri text not null default '';

alter table client add column backchannel_sid boolean not null default false;
