/** One command as it is written, its words without quotes. */
export type Command = string[];

/**
 * The simple commands of a shell text, also those inside `$(…)` and groups: enough shell for what
 * workflows and docs here are written in. Words keep expansions as they are; comments, redirections'
 * targets and assignments before a command are left out.
 */
export function commandsOf(shell: string): Command[] {
  const commands: Command[] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    const start = words.findIndex((one) => !/^\w+(\[\w+\])?=/.test(one) && !keywords.has(one));
    if (start >= 0) commands.push(words.slice(start));
    words = [];
  };
  let at = 0;
  while (at < shell.length) {
    const rest = shell.slice(at);
    const quoted = /^'([^']*)'/.exec(rest) ?? /^"((?:\\.|\$\([^)]*\)|[^"\\])*)"/s.exec(rest);
    const [separator] = /^(?:\$\(|&&|\|\||;;|[\n;|&(){}])/.exec(rest) ?? [];
    if (rest.startsWith("\\\n")) {
      endWord();
      at += 2;
    } else if (rest.startsWith("${")) {
      const end = rest.indexOf("}") + 1;
      word = (word ?? "") + rest.slice(0, end);
      at += end;
    } else if (quoted) {
      const [whole, inner = ""] = quoted;
      for (const [, substituted = ""] of inner.matchAll(/\$\(([^)]*)\)/g)) {
        commands.push(...commandsOf(substituted));
      }
      word = (word ?? "") + inner;
      at += whole.length;
    } else if (word === undefined && rest.startsWith("#")) {
      at += rest.indexOf("\n") < 0 ? rest.length : rest.indexOf("\n");
    } else if (/^(?:\d?[<>]{1,3}&?\d?)/.test(rest) && (word === undefined || /^\d$/.test(word))) {
      word = undefined;
      const [operator] = /^(?:\d?[<>]{1,3}&?\d?)\s*/.exec(rest) ?? [""];
      at += operator.length + (/&\d\s*$/.test(operator) ? 0 : targetLength(shell, at, operator));
    } else if (separator !== undefined) {
      endCommand();
      at += separator.length;
    } else if (/^\s/.test(rest)) {
      endWord();
      at += 1;
    } else {
      word = (word ?? "") + rest[0];
      at += 1;
    }
  }
  endCommand();
  return commands;
}

/** Words before a command that are not it. */
const keywords = new Set(["if", "then", "else", "elif", "do", "while", "until", "!", "time"]);

/** Length of the word after a redirection. */
function targetLength(shell: string, at: number, operator: string): number {
  const [target] = /^("[^"]*"|'[^']*'|[^\s;|&)]*)/.exec(shell.slice(at + operator.length)) ?? [""];
  return target.length;
}

/** The shell of a Markdown text: blocks marked sh, and inline code that begins with a command. */
export function shellOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text = ""]) => text);
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, "");
  const inline = [...prose.matchAll(/`((?:pulumi|npm|node|npx) [^`]+)`/g)].map(
    ([, text = ""]) => text,
  );
  return [...blocks, ...inline.map((text) => text.replace(/\s+/g, " "))];
}
