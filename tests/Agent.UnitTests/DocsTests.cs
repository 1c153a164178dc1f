using System.Reflection;
using System.Text.RegularExpressions;
using Agent.Instrumentations;
using Agent.StartupHook;
using Agent.Tracing;

namespace Agent.UnitTests;

/// <summary>The tables of agent/docs have what the code has, and the README stays the shop window.</summary>
[TestClass]
public sealed partial class DocsTests
{
    [TestMethod]
    public void Settings_table_has_every_variable_that_is_read_and_no_other()
    {
        var documented = FirstColumn().Matches(Section("settings", "## Settings")).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToList();

        var read = new HashSet<string> { "DOTNET_STARTUP_HOOKS", "AGENT_CONFIG_FILE" }; // the runtime reads the first; the other is read before the settings are
        foreach (var sampler in (string?[])[null, "traceidratio"]) // the argument is read only for a sampler that has one
            _ = new Settings(name => Read(name, name == "OTEL_TRACES_SAMPLER" ? sampler : null));
        _ = Decision.Make(isFirst: true, new Version(10, 0), "App", assemblies: null, folder: null, name => Read(name, null));
        foreach (var protocol in (string?[])[null, "grpc"])
            _ = new Settings(name => Read(name, name == "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL" ? protocol : null));

        CollectionAssert.AreEqual(read.Order(StringComparer.Ordinal).ToList(), documented);

        string? Read(string name, string? value)
        {
            read.Add(name);
            return value;
        }
    }

    [TestMethod]
    public void Table_of_switches_has_every_instrumentation_and_no_other()
    {
        var documented = Row().Matches(Section("settings", "## Switches")).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}").Order(StringComparer.Ordinal).ToList();
        var there = InstrumentationList.Patches.Concat(AspNetCore.AspNetCoreInstrumentations.Patches).SelectMany(entry => entry.Value)
            .Select(patch => $"{Switches.NameOf(patch)} `{Switches.FamilyOf(patch)}`").Distinct()
            .Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");
    }

    [TestMethod]
    public void Table_of_libraries_has_every_library_and_no_other()
    {
        var documented = LibraryRow().Matches(Page("libraries")).Select(match => match.Groups[1].Value).ToList();
        var there = Libraries.All.Select(library =>
            $"| {library.Name} | {(library.Patch is null ? "its own source" : "patch")} | {(library.Tried.Length > 0 ? library.Tried : "none")} | `{library.Switch}` | {(library.Family is null ? "–" : $"`{library.Family}`")} |").ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");
    }

    [TestMethod]
    public void Table_of_telemetry_clients_has_each_and_no_other()
    {
        var documented = Section("libraries", "## Telemetry of the app's own").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        var there = TelemetryClient.All.Select(client => $"| {client.Name} | {Code(client.Assemblies)} | {Code(client.Addresses)} |").ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");

        static string Code(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
    }

    [TestMethod]
    public void Table_of_commands_has_every_command_with_its_options()
    {
        var documented = CommandRow().Matches(Section("command-line", "## Commands")).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}".Trim()).Order(StringComparer.Ordinal).ToList();
        var there = CommandLine.Program.Root().Subcommands.SelectMany(command => command.Options.Select(option => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name).Append("").Select(option => $"{command.Name} {option}".Trim()))
            .Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(there, documented, $"The code has\n{string.Join('\n', there)}");
    }

    [TestMethod]
    public void Table_of_reasons_has_everything_that_check_knows()
    {
        var documented = ReasonRow().Matches(Section("command-line", "## What check knows")).Select(match => match.Groups[1].Value).ToList();
        CollectionAssert.AreEqual(Enum.GetValues<CommandLine.Checking.Reason>().Select(CommandLine.CheckCommand.NameOf).ToList(), documented);
    }

    [TestMethod]
    public void Pages_are_readable_at_100_columns()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "agent", "docs")).Append(Path.Combine(Root, "README.md")))
        {
            var isCode = false;
            foreach (var line in File.ReadLines(file))
            {
                isCode ^= line.StartsWith("```", StringComparison.Ordinal);
                if (!isCode && !line.StartsWith('|')) // a table is as wide as its columns
                    Assert.IsLessThanOrEqualTo(100, line.Length, $"{file}: {line}");
            }
        }
    }

    [TestMethod]
    public void The_readme_is_short_and_what_it_refers_to_is_there()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        Assert.IsLessThan(200, readme.Split('\n').Length);
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "agent", "docs")).Append(Path.Combine(Root, "README.md")))
        {
            foreach (var link in Link().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
                Assert.IsTrue(Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, link)), $"{file} refers to {link}");
        }
    }

    static string Root => typeof(DocsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    static string Page(string name) => File.ReadAllText(Path.Combine(Root, "agent", "docs", name + ".md"));

    /// <summary>From a headline to the next one of its rank.</summary>
    static string Section(string page, string headline)
    {
        var text = Page(page);
        var section = text[text.IndexOf(headline, StringComparison.Ordinal)..];
        return section.IndexOf("\n## ", 5, StringComparison.Ordinal) is var end and >= 0 ? section[..end] : section;
    }

    [GeneratedRegex(@"^\| `(\w+)` \| (?:`([^`]+)`)? *\|", RegexOptions.Multiline)]
    private static partial Regex CommandRow();

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex ReasonRow();

    [GeneratedRegex(@"\]\(([^)#:]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(\| [^|`]+ \| [^|]+ \| [^|]+ \| `[A-Z]+` \| (?:`[A-Z]+`|–) \|)", RegexOptions.Multiline)]
    private static partial Regex LibraryRow();

    [GeneratedRegex(@"^\| `([A-Z]+)` \| (`[A-Z]+`|–) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `([A-Z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex FirstColumn();
}
