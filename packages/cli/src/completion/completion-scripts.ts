// Where dimos knows no word, a file may be meant: ./bot.ts, --config robot.json.
// compgen -W would run what it finds in a name: $(...). Nothing here expands one, and bash quotes what a line would.
const BASH = `# dimos completion for bash: source <(dimos completion bash)
_dimos() {
  local word quoted
  COMPREPLY=()
  while IFS= read -r word; do
    printf -v quoted %q "$word"
    COMPREPLY+=("$quoted")
  done < <(dimos complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _dimos dimos
`;

const ZSH = `#compdef dimos
# dimos completion for zsh: source <(dimos completion zsh)
_dimos() {
  local -a found
  found=(\${(f)"$(dimos complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#found )); then compadd -a found; else _files; fi
}
compdef _dimos dimos
`;

const FISH = `# dimos completion for fish: dimos completion fish | source
function __dimos_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (dimos complete -- $words[2..-1] 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c dimos -f -a '(__dimos_complete)'
`;

/** By the name of the shell. */
export const COMPLETION_SCRIPTS: ReadonlyMap<string, string> = new Map([
  ["bash", BASH],
  ["zsh", ZSH],
  ["fish", FISH],
]);
