-- The audit log: who did what to what, kept for one year. Run once in each environment, by the migrations of the application.
begin;

create schema if not exists audit;

create table if not exists audit.events (
  id bigint generated always as identity,
  happened_at timestamptz not null default now(),
  actor text not null check (actor <> ''),
  action text not null check (action <> ''),
  subject text not null check (subject <> ''),
  address inet,
  details jsonb not null default '{}'::jsonb,
  primary key (id)
);

create index if not exists events_happened_at on audit.events using brin (happened_at);
create index if not exists events_actor on audit.events (actor, happened_at desc);

-- What happened is not changed afterwards, and goes by its age only.
create or replace function audit.refuse_change() returns trigger
language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.happened_at < now() - interval '365 days' then
    return old;
  end if;
  raise exception 'audit.events is written once: % is refused', lower(tg_op)
    using errcode = 'insufficient_privilege';
end
$$;

drop trigger if exists written_once on audit.events;
create trigger written_once before update or delete on audit.events
  for each row execute function audit.refuse_change();
drop trigger if exists never_emptied on audit.events;
create trigger never_emptied before truncate on audit.events
  for each statement execute function audit.refuse_change();

-- Deletes what is older than a year, in portions that lock little; gives how many went.
create or replace function audit.forget() returns bigint
language plpgsql security definer set search_path = audit, pg_temp as $$
declare
  gone bigint := 0;
  portion bigint;
begin
  loop
    delete from audit.events
      where id in (select id from audit.events where happened_at < now() - interval '365 days' limit 10000);
    get diagnostics portion = row_count;
    gone := gone + portion;
    exit when portion = 0;
  end loop;
  return gone;
end
$$;

revoke all on schema audit from public;
revoke all on all functions in schema audit from public;

-- Supabase has pg_cron and the role of the application; elsewhere the job and the grants are left out.
do $$
begin
  if exists (select from pg_roles where rolname = 'service_role') then
    grant usage on schema audit to service_role;
    grant select, insert on audit.events to service_role;
  end if;
  if exists (select from pg_available_extensions where name = 'pg_cron') then
    create extension if not exists pg_cron;
    perform cron.schedule('audit-retention', '17 3 * * *', 'select audit.forget()');
  end if;
end
$$;

commit;
