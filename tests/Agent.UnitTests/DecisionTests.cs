using System.Runtime.InteropServices;
using Agent.Entry;

namespace Agent.UnitTests;

[TestClass]
public sealed class DecisionTests
{
    const string Twice = "already started in this process; the hook is named twice, in DOTNET_STARTUP_HOOKS or there and in the app's runtimeconfig.json.";
    const string Disabled = "not tracing this process: OTEL_SDK_DISABLED=true.";
    static readonly Version Net10 = new(10, 0, 1);
    static readonly Version Net8 = new(8, 0, 20);

    static string? Reason(params string[] variables) => Reason(Decision.Make(isFirst: true, Net10, "Shop", assemblies: null, folder: null, Variables.Of(variables)));

    /// <summary>Null if it starts; a decision never starts with a reason against it.</summary>
    static string? Reason(Decision decision)
    {
        Assert.IsFalse(decision.Start && decision.Reason.Length > 0, decision.Reason);
        return decision.Start ? null : decision.Reason;
    }

    [TestMethod]
    public void An_app_on_NET_10_without_any_variable_is_traced() => Assert.IsNull(Reason());

    [TestMethod]
    [DataRow("10.0.12", "")]
    [DataRow("11.0.0", "")]
    [DataRow("12.0.1", " This is .NET 12; agent 0.1.0 has been tried up to .NET 11, so spans may be missing.")]
    public void A_runtime_that_has_not_been_tried_is_traced_and_named(string runtime, string said)
    {
        Assert.IsNull(Reason(Decision.Make(isFirst: true, new Version(runtime), "Shop", assemblies: null, folder: null, Variables.Of())));
        Assert.AreEqual(said, AgentProcess.Untried(new Version(runtime)));
    }

    [TestMethod]
    public void Being_started_already_is_said_before_everything_else() => Assert.AreEqual(Twice,
        Reason(Decision.Make(isFirst: false, Net8, "Shop", assemblies: null, folder: null, Variables.Of("OTEL_SDK_DISABLED=true", "AGENT_ENVIRONMENTS=Staging"))));

    [TestMethod]
    public void An_old_runtime_is_said_before_the_variables() => Assert.AreEqual(
        "stepping aside: this process runs on .NET 8.0.20, the agent needs .NET 10 or later.",
        Reason(Decision.Make(isFirst: true, Net8, "Shop", assemblies: null, folder: null, Variables.Of("OTEL_SDK_DISABLED=true", "AGENT_ENVIRONMENTS=Staging"))));

    [TestMethod]
    public void Being_switched_off_is_said_before_the_environment() => Assert.AreEqual(Disabled, Reason("OTEL_SDK_DISABLED=true", "AGENT_ENVIRONMENTS=Staging"));

    [TestMethod]
    [DataRow("3.1.32")]
    [DataRow("8.0.20")]
    [DataRow("9.0.9")]
    public void A_runtime_before_NET_10_is_left_alone(string version) => Assert.AreEqual(
        $"stepping aside: this process runs on .NET {version}, the agent needs .NET 10 or later.",
        Reason(Decision.Make(isFirst: true, Version.Parse(version), "Shop", assemblies: null, folder: null, Variables.Of())));

    [TestMethod]
    [DataRow("10.0.0")]
    [DataRow("11.0.0")]
    public void A_runtime_from_NET_10_on_is_traced(string version) =>
        Assert.IsNull(Reason(Decision.Make(isFirst: true, Version.Parse(version), "Shop", assemblies: null, folder: null, Variables.Of())));

    [TestMethod]
    [DataRow("true", Disabled)]
    [DataRow("TRUE", Disabled)]
    [DataRow(" True ", Disabled)]
    [DataRow("false", null)]
    [DataRow("1", null)]
    [DataRow("", null)]
    public void Only_true_switches_the_agent_off(string value, string? expected) => Assert.AreEqual(expected, Reason($"OTEL_SDK_DISABLED={value}"));

    [TestMethod]
    [DataRow("", null)]
    [DataRow("true", null)]
    [DataRow("0", null)]
    [DataRow(" False ", "not tracing this process: OTEL_DOTNET_AUTO_TRACES_ENABLED=false.")]
    public void Without_traces_there_is_nothing_to_do(string value, string? expected) => Assert.AreEqual(expected, Reason($"OTEL_DOTNET_AUTO_TRACES_ENABLED={value}"));

    [TestMethod]
    [DataRow("", "", "Production")]
    [DataRow("", "Staging", "Staging")]
    [DataRow("Development", "", "Development")]
    [DataRow("Development", "Staging", "Development")]
    public void The_environment_is_named_as_the_host_names_it(string aspNetCore, string dotnet, string expected) => Assert.AreEqual(
        $"not tracing this process: the environment {expected} is not in AGENT_ENVIRONMENTS=nowhere.",
        Reason($"ASPNETCORE_ENVIRONMENT={aspNetCore}", $"DOTNET_ENVIRONMENT={dotnet}", "AGENT_ENVIRONMENTS=nowhere"));

    [TestMethod]
    public void An_environment_without_any_variable_is_Production() => Assert.AreEqual(
        "not tracing this process: the environment Production is not in AGENT_ENVIRONMENTS=Staging, Development.", Reason("AGENT_ENVIRONMENTS=Staging, Development"));

    [TestMethod]
    [DataRow("preview-17", "preview-*", true)]
    [DataRow("preview", "preview-*", false)]
    [DataRow("anything", "*", true)]
    [DataRow("prod-eu-1", "*-eu-*", true)]
    [DataRow("prod-us-1", "*-eu-*", false)]
    [DataRow("PRODUCTION", "production", true)]
    [DataRow("Staging", "Production,Staging", true)]
    [DataRow("Staging", "Production;Staging", true)]
    [DataRow("Staging", " Production ; Staging , Test ", true)]
    [DataRow("Development", "Production,Staging", false)]
    [DataRow("Development", "", true)]
    [DataRow("Development", "  ", true)]
    public void Only_the_listed_environments_are_traced(string environment, string listed, bool isTraced) => Assert.AreEqual(
        isTraced ? null : $"not tracing this process: the environment {environment} is not in AGENT_ENVIRONMENTS={listed}.",
        Reason($"ASPNETCORE_ENVIRONMENT={environment}", $"AGENT_ENVIRONMENTS={listed}"));

    [TestMethod]
    [DataRow(true, "10.0.0")]
    [DataRow(false, "10.0.0")]
    [DataRow(true, "8.0.0")]
    public void A_build_tool_hears_nothing_whatever_the_reason(bool isFirst, string version) =>
        Assert.AreEqual("", Reason(Decision.Make(isFirst, Version.Parse(version), "MSBuild", assemblies: null, folder: null, Variables.Of("OTEL_SDK_DISABLED=true", "AGENT_ENVIRONMENTS=nowhere"))));

    [TestMethod]
    [DataRow("dotnet", "")]
    [DataRow("msbuild", "")]
    [DataRow("VBCSCompiler", "")]
    [DataRow("testhost", "")]
    [DataRow("dotnet-ef", "")]
    [DataRow("Shop", null)]
    [DataRow("dotnetshop", null)]
    [DataRow(null, null)]
    public void Build_tools_are_known_by_their_whole_name(string? process, string? expected) =>
        Assert.AreEqual(expected, Reason(Decision.Make(isFirst: true, Net10, process, assemblies: null, folder: null, Variables.Of())));

    [TestMethod]
    [DataRow("/app/Shop.dll:/app/Microsoft.Testing.Platform.dll:/app/Other.dll", "")]
    [DataRow("/app/Shop.dll:/app/xunit.v3.runner.inproc.console.dll", "")]
    [DataRow("/app/Shop.dll:/app/Shop.Microsoft.Testing.Platform.dll", null)]
    [DataRow("/app/Microsoft.Testing.Platform/Shop.dll", null)]
    [DataRow("/app/Shop.AppHost.dll:/app/Aspire.Hosting.dll:/app/Aspire.Hosting.AppHost.dll", "")]
    [DataRow("/app/Shop.dll:/app/Aspire.Npgsql.dll:/app/Shop.Aspire.Hosting.dll", null)]
    [DataRow("", null)]
    [DataRow(null, null)]
    public void A_test_project_and_an_AppHost_are_known_by_their_assemblies(string? assemblies, string? expected) =>
        Assert.AreEqual(expected, Reason(Decision.Make(isFirst: true, Net10, "Shop", assemblies?.Replace('/', Path.DirectorySeparatorChar), folder: null, Variables.Of())));

    [TestMethod]
    public void A_NET_tool_is_known_by_the_file_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("tool ").FullName;
        Assert.IsNull(Reason(Decision.Make(isFirst: true, Net10, "Shop", assemblies: null, folder, Variables.Of())));
        File.WriteAllText(Path.Combine(folder, "DotnetToolSettings.xml"), "");
        Assert.AreEqual("", Reason(Decision.Make(isFirst: true, Net8, "Shop", assemblies: null, folder, Variables.Of())));
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    [TestCategory("OnNet10")] // where the SDK is
    public void Every_program_of_the_SDK_is_a_build_tool()
    {
        // Beside the framework's own folder: …/shared/Microsoft.NETCore.App/10.0.x and …/sdk/10.0.x.
        var sdks = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../sdk"));
        var programs = Directory.GetFiles(sdks, "*.runtimeconfig.json", SearchOption.AllDirectories)
            .Where(file => File.Exists(file.Replace(".runtimeconfig.json", ".dll", StringComparison.Ordinal)))
            .Select(file => Path.GetFileName(file).Replace(".runtimeconfig.json", "", StringComparison.Ordinal)).Distinct().ToList();
        CollectionAssert.Contains(programs, "dotnet-watch");
        foreach (var program in programs)
            Assert.AreEqual("", Reason(Decision.Make(isFirst: true, Net10, program, assemblies: null, folder: null, Variables.Of())), program);
    }

    [TestMethod]
    [DataRow("dotnet", "run", true)]
    [DataRow("dotnet", "-d run shop.cs", true)]
    [DataRow("dotnet", "shop.cs", true)]
    [DataRow("dotnet", "build", false)]
    [DataRow("dotnet", "test run", false)]
    [DataRow("dotnet", "", false)]
    [DataRow("dotnet-watch", "", true)]
    [DataRow("Shop", "run", false)]
    [DataRow(null, "run", false)]
    public void Commands_that_run_an_app(string? process, string arguments, bool expected) =>
        Assert.AreEqual(expected, HookSupport.RunsApp(process, ["/sdk/dotnet.dll", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));

    [TestMethod]
    [DataRow("""{ "configProperties": { "System.StartupHookProvider.IsSupported": false } }""", true)]
    [DataRow("""{"configProperties":{"System.StartupHookProvider.IsSupported":"false"}}""", true)]
    [DataRow("""{ "configProperties": { "System.StartupHookProvider.IsSupported": true } }""", false)]
    [DataRow("{}", false)]
    public void Startup_hooks_are_switched_off_in_the_configuration(string configuration, bool expected) => Assert.AreEqual(expected, HookSupport.IsSwitchedOff(configuration));

    [TestMethod]
    [DataRow("Shop", "")]
    [DataRow("shop", "")]
    [DataRow("Migrate, Shop", "")]
    [DataRow("Migrate", null)]
    [DataRow("Sho*", null)]
    [DataRow("", null)]
    public void More_processes_to_leave_alone_can_be_named(string excluded, string? expected) =>
        Assert.AreEqual(expected, Reason($"OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES={excluded}"));

    [TestMethod]
    public void Naming_a_process_does_not_take_the_build_tools_off_the_list() => Assert.AreEqual("",
        Reason(Decision.Make(isFirst: true, Net10, "MSBuild", assemblies: null, folder: null, Variables.Of("OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES=Shop"))));

    [TestMethod]
    [DataRow("", "", true)]
    [DataRow("", "*", true)]
    [DataRow("", "a", false)]
    [DataRow("a", "", false)]
    [DataRow("abc", "abc", true)]
    [DataRow("abc", "ABC", true)]
    [DataRow("abc", "ab", false)]
    [DataRow("ab", "abc", false)]
    [DataRow("abc", "a*", true)]
    [DataRow("abc", "*c", true)]
    [DataRow("abc", "*b*", true)]
    [DataRow("abc", "a*c", true)]
    [DataRow("ac", "a*c", true)]
    [DataRow("abc", "*d*", false)]
    [DataRow("abc", "**", true)]
    [DataRow("abcabd", "*abd", true)]
    [DataRow("aab", "*ab", true)]
    [DataRow("abcabc", "a*bc", true)]
    [DataRow("abcabx", "a*bc", false)]
    [DataRow("a.c", "a.c", true)]
    [DataRow("abc", "a.c", false)]
    [DataRow("abc", "a?c", false)]
    public void A_star_stands_for_any_characters(string value, string pattern, bool expected) => Assert.AreEqual(expected, Decision.Matches(value, pattern));
}
