#!/bin/sh
# Miniflare starts this in place of workerd. It writes down who workerd is before it becomes it: when everything around
# is killed, workerd lives on with the port and the databases open, and the next start must find it.
if [ -r "/proc/$$/stat" ]; then
  born=$(sed 's/^.*) //' "/proc/$$/stat" | cut -d ' ' -f 20)
else
  born=$(ps -o lstart= -p $$)
fi
printf '%s\n%s\n' "$$" "$born" >"$KIRANA_WORKERD_RECORD"
exec "$KIRANA_WORKERD" "$@"
