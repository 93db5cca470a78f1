import { quoteShell } from "@scap/ssh-job";

/** Which repository a shell probe looks at. */
export interface ProbedRepository {
  /** Repository name, checked: it is put into shell text. */
  readonly repo: string;
  /** The deploy server's; the target's own configuration wins. */
  readonly gitDeployDir: string;
}

/**
 * Lines of shell that set `final` and `root` to the places of a repository on a target, the way the worker finds them:
 * `git_deploy_dir` of the target's own configuration wins, and there the section with the longest matching host name.
 * Builtins only, so they cost nothing where no file is to be read, and no name is resolved where no section asks for it.
 */
export function targetPathsScript({ gitDeployDir, repo }: ProbedRepository): string {
  return `dir=${quoteShell(gitDeployDir)}; own=; best=0; rank=0; fqdn=; cr='\r'
cfg=\${SCAP_SYSTEM_CONFIG:-/etc/scap.cfg}
[ ! -r "$cfg" ] || while read -r line || [ -n "$line" ]; do
  line=\${line%"$cr"}
  case $line in
    \\[*\\]*)
      section=\${line#?}; section=\${section%%]*}
      case $section in
        DEFAULT) rank=1 ;;
        global) rank=2 ;;
        *)
          fqdn=\${fqdn:-$(hostname -f 2>/dev/null || uname -n)}
          case .$fqdn in *."$section") rank=$((2 + \${#section})) ;; *) rank=0 ;; esac ;;
      esac ;;
    git_deploy_dir[[:blank:]:=]*)
      [ "$rank" -lt "$best" ] || [ "$rank" = 0 ] || { own=\${line#*[:=]}; best=$rank; } ;;
  esac
done <"$cfg"
while :; do
  case $own in [[:blank:]]*) own=\${own#?} ;; *[[:blank:]]) own=\${own%?} ;; *) break ;; esac
done
final=\${own:-$dir}/${repo}; root=$final-cache`;
}
