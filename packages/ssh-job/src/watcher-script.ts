import { quoteShell } from "./command.ts";
import { endGroup } from "./lifeline.ts";

/**
 * The script of a watcher: a session that ends the commands of its connection when the client or the network is gone.
 * It has a pipe, and tells its process id after `mark`, so that a command can write `begin ID PID` there. That takes
 * no process, while a lifeline of its own takes two. The client writes `done ID` when a command is over, `end ID`
 * when it is given up, `SIGNAL ID`, which may come before the command has begun, and `run LINE`.
 *
 * Two shells, because one can wait for one thing only: the first copies what the client says into the pipe, the
 * second reads that. The end of the client's words is the word `gone`, so that the end of the first shell is none.
 * Then the pipe is moved to where no late command finds it, which looks after itself instead, and what others have
 * written before is read to the end.
 */
export function watcherScript(mark: string): string {
  return `exec /bin/sh -c ${quoteShell(WATCHER)} ${mark}`;
}

/** Where the watcher with this process id listens. */
export function watcherPipe(pid: string): string {
  return `/proc/${pid}/fd/9`;
}

// `running` holds words ID:PID and `signals` words ID:SIGNAL; both are short, because sessions are few.
const WATCHER = `
trap "" HUP INT QUIT TERM
finish() { ${endGroup("$1", "$1")}; }
over() {
  kept= asked=
  for each in $signals; do
    if [ "\${each%:*}" = "$id" ]; then asked=1; else kept="$kept $each"; fi
  done
  signals=$kept kept=
  for each in $running; do
    if [ "\${each%:*}" != "$id" ]; then kept="$kept $each"
    elif [ "$word$asked" != done ]; then finish "\${each#*:}" & fi
  done
  running=$kept
}
{ while IFS= read -r line; do echo "$line"; done; echo gone; } | {
  read -r self rest </proc/self/stat
  exec 9<&0 </dev/null
  echo "$0 $self"
  exec >/dev/null 2>&1
  from=9 running= signals=
  while read -r word id group <&$from; do
    case $word in
      begin)
        running="$running $id:$group"
        for each in $signals; do
          [ "\${each%:*}" != "$id" ] || kill -s "\${each#*:}" -- "-$group"
        done ;;
      done | end) over ;;
      run) eval "$id $group" & ;;
      gone) exec 8<&9 9<&-; from=8 ;;
      *)
        signals="$signals $id:$word"
        for each in $running; do
          [ "\${each%:*}" != "$id" ] || kill -s "$word" -- "-\${each#*:}"
        done ;;
    esac
  done
  [ "$from" = 9 ] && exit
  word=end
  for one in $running; do id=\${one%:*}; over; done
}`.trim();
