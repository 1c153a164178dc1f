using System.Text.RegularExpressions;

namespace Agent.Torture.Workload;

/// <summary>The same patterns interpreted, compiled, without backtracking and generated.</summary>
static partial class RegexWork
{
    const string Text = "Ada Lovelace <ada@example.org>, 1815-12-10; Grace Hopper <grace@navy.mil>, 1906-12-09; nobody <>, ????-??-??";

    [GeneratedRegex(@"(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)")]
    private static partial Regex Date();

    public static void Run(Transcript to)
    {
        to.Section("regex");
        string[] patterns = [@"(\w+)@(\w+)\.(org|mil)", @"\b[A-Z]\w+\b", @"(?i)\bHOPPER\b", @"[^;]+?,", @"a|e|i|o|u", @"^.*$", @"\p{Lu}\p{Ll}{2,}"];
        foreach (var options in (RegexOptions[])[RegexOptions.None, RegexOptions.Compiled, RegexOptions.NonBacktracking, RegexOptions.RightToLeft])
        {
            foreach (var pattern in patterns)
                to.Add($"{options} {pattern}", new Regex(pattern, options).Matches(Text).Select(match => $"{match.Index}:{match.Value}"));
        }
        foreach (var options in (RegexOptions[])[RegexOptions.None, RegexOptions.Compiled])
        {
            to.Add($"{options} balanced", new Regex(@"^(?:\((?<open>)|\)(?<-open>)|[^()])*(?(open)(?!))$", options).IsMatch("(a(b)c)(d)"));
            to.Add($"{options} look around", new Regex(@"(?<=<)[^>]+(?=>)", options).Replace(Text, match => match.Value.ToUpperInvariant()));
            to.Add($"{options} back reference", new Regex(@"(\w)\1", options).Match(Text).Value);
            to.Throws($"{options} timeout", () => new Regex("^(a+)+$", options, TimeSpan.FromMilliseconds(20)).IsMatch(new string('a', 40) + "!"));
        }
        to.Add("generated", Date().Replace(Text, "${day}.${month}.${year}"));
        to.Add("split", Regex.Split(Text, @"\s*[,;]\s*"));
        to.Add("groups", Date().Match(Text).Groups.Keys);
        to.Add("escape", Regex.Escape("a.b*c") + Regex.Unescape(@"\x41\.\n"));
        to.Throws("bad pattern", () => _ = new Regex("(unclosed"));
        to.Throws("bad quantifier", () => _ = new Regex("a**"));
    }
}
