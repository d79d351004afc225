# SPDX-License-Identifier: MIT
"""Which commands a shell script calls, as far as its text tells: words where a command stands, also in $(...), in pipes, behind
commands that start another one, and in what a shell is given behind -c. Variables and paths are no names of commands."""
import re

KEYWORDS = {"if", "then", "else", "elif", "fi", "while", "until", "do", "done", "!", "{", "}", "time"}
HEADS = {"for", "case", "select", "function", "[[", "]]", "in", "esac"}
BUILTINS = {":", ".", "[", "alias", "break", "builtin", "cd", "command", "compgen", "continue", "declare", "disown", "echo", "eval", "exec",
            "exit", "export", "false", "getopts", "hash", "jobs", "kill", "let", "local", "mapfile", "printf", "pwd", "read", "readarray",
            "readonly", "return", "set", "shift", "shopt", "source", "test", "times", "trap", "true", "type", "typeset", "ulimit", "umask",
            "unset", "wait"}
# Commands that start another one -> how many words of their own stand before it (options come besides).
STARTERS = {"exec": 0, "env": 0, "nice": 0, "nohup": 0, "setsid": 0, "xargs": 0, "timeout": 1, "unshare": 0, "chroot": 1, "flock": 1,
            "command": 0, "stdbuf": 0}
SHELLS = {"sh", "bash", "dash"}
NAME = re.compile(r"^[A-Za-z][\w.+-]*$")
ASSIGNMENT = re.compile(r"^\w+(\[[^]]*\])?\+?=")
HEREDOC = re.compile(r"<<-?\s*(['\"\\]?)(\w+)\1")
OPERATORS = re.compile(r";;|&&|\|\||\|&|[;|&()]|\n")


def _closing(text, start):
    """Behind the ) that closes what opened before start; quotes and nested brackets are passed."""
    depth, at = 1, start
    while at < len(text) and depth:
        sign = text[at]
        if sign == "\\":
            at += 1
        elif sign == "'":
            at = text.find("'", at + 1)
            at = len(text) if at < 0 else at
        depth += (sign == "(") - (sign == ")")
        at += 1
    return at


def _quoted(text, at, scripts):
    """(the word inside "...", behind it); what stands in $( ) in it is a script of its own."""
    word = ""
    while at < len(text) and text[at] != '"':
        if text[at] == "\\":
            word, at = word + text[at + 1 : at + 2], at + 2
        elif text.startswith("$(", at) and not text.startswith("$((", at):
            end = _closing(text, at + 2)
            scripts.append(text[at + 2 : end - 1])
            word, at = word + "$", end
        else:
            word, at = word + text[at], at + 1
    return word, at + 1


def _tokens(text, scripts):
    """Words, and operators as (operator,)."""
    at, word, is_word, heredocs = 0, "", False, []
    while at < len(text):
        sign = text[at]
        operator = OPERATORS.match(text, at)
        heredoc = HEREDOC.match(text, at) if not text.startswith("<<<", at) else None
        if heredoc:
            heredocs.append(heredoc.group(2))
            at = heredoc.end()
        elif sign == "\\":
            word, is_word, at = word + text[at + 1 : at + 2].strip("\n"), is_word or text[at + 1 : at + 2] != "\n", at + 2
        elif sign == "'":
            end = text.find("'", at + 1)
            end = len(text) if end < 0 else end
            word, is_word, at = word + text[at + 1 : end], True, end + 1
        elif sign == '"':
            more, at = _quoted(text, at + 1, scripts)
            word, is_word = word + more, True
        elif text.startswith("((", at) and not is_word or text.startswith("$((", at):
            at = _closing(text, at + 2 + (sign == "$"))
            at += text.startswith(")", at)
            word, is_word = word + "$", True
        elif text.startswith(("$(", "<(", ">("), at):
            end = _closing(text, at + 2)
            scripts.append(text[at + 2 : end - 1])
            word, is_word, at = word + "$", True, end
        elif text.startswith("${", at):
            end = text.find("}", at)
            word, is_word, at = word + "$", True, end + 1
        elif sign == "(" and word.endswith("="):
            at = _closing(text, at + 1)
        elif sign == "#" and not is_word:
            at = text.find("\n", at)
            at = len(text) if at < 0 else at
        elif operator and not (sign == "&" and (word.endswith((">", "<")) or text.startswith("&>", at))) and not (sign == "|" and word.endswith(">")):
            if is_word:
                yield word
            word, is_word, at = "", False, operator.end()
            yield (operator.group(0),)
            while operator.group(0) == "\n" and heredocs:
                end = re.compile(rf"^\t*{heredocs.pop(0)}$", re.MULTILINE).search(text, at)
                at = end.end() if end else len(text)
        elif sign in " \t":
            if is_word:
                yield word
            word, is_word, at = "", False, at + 1
        else:
            word, is_word, at = word + sign, True, at + 1
    if is_word:
        yield word


def of_list(words):
    """The commands of one simple command, its words given: itself, what it starts, and what a shell is told by -c."""
    words = list(words)
    while words and ASSIGNMENT.match(words[0]):
        words.pop(0)
    if not words or not NAME.match(words[0]):
        return
    name = words.pop(0)
    if name not in BUILTINS:
        yield name
    if name in SHELLS and "-c" in words[:-1]:
        yield from commands(words[words.index("-c") + 1])
    if name in STARTERS and not (name == "command" and words[:1] == ["-v"]):
        own = STARTERS[name]
        while words and (words[0].startswith("-") or own or ASSIGNMENT.match(words[0])):
            taken = words.pop(0)
            own -= not taken.startswith("-")
            if taken in ("-n", "-P", "-u", "-I", "--kill-after", "-k", "-C", "-s"):
                words[:1] = []
        yield from of_list(words)


def _simple(tokens):
    """Lists of words, one for each place where a command stands."""
    words, skip_pattern = [], False
    for token in tokens:
        if isinstance(token, tuple):
            if skip_pattern:
                skip_pattern = token[0] != ")"
                words = []
                continue
            if words:
                yield words
            words = []
            skip_pattern = token[0] == ";;"
        elif not words and token in KEYWORDS:
            continue
        elif words and words[0] == "case" and token == "in":
            words, skip_pattern = [], True
        elif skip_pattern and token == "esac":
            skip_pattern = False
        elif not re.match(r"^\d*[<>]", token):
            words.append(token)
    if words:
        yield words


def commands(text):
    """Names of commands, without functions that the text defines itself."""
    functions = set(re.findall(r"^\s*(?:function\s+)?([\w-]+)\s*\(\)", text, re.MULTILINE))
    scripts = [text]
    while scripts:
        for words in _simple(_tokens(scripts.pop(), scripts)):
            if words[0] not in HEADS:
                yield from (name for name in of_list(words) if name not in functions)
