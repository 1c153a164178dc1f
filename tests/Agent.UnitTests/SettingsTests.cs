namespace Agent.UnitTests;

[TestClass]
public sealed class SettingsTests
{
    const string OverHttp = "http://localhost:4318/v1/traces";
    const string Samplers = "parentbased_always_on, always_on, always_off, traceidratio, parentbased_always_off, parentbased_traceidratio";

    static Settings With(params string[] variables) => new(Variables.Of(variables));

    /// <summary>The only problem there is.</summary>
    static string Problem(Settings settings)
    {
        Assert.HasCount(1, settings.Problems);
        return settings.Problems[0];
    }

    static void IsFine(Settings settings) => Assert.IsEmpty(settings.Problems, string.Join(' ', settings.Problems));

    [TestMethod]
    public void Without_variables_everything_has_its_usual_value()
    {
        var settings = With();
        Assert.AreEqual(LogLevel.Info, settings.LogLevel);
        Assert.AreEqual(TracesExporter.Otlp, settings.Exporter);
        Assert.AreEqual("http/protobuf", settings.Protocol);
        Assert.AreEqual(OverHttp, settings.Endpoint);
        Assert.AreEqual(MiddlewareSpans.App, settings.Middleware);
        Assert.IsEmpty(settings.AdditionalSources);
        Assert.AreEqual("Production", settings.EnvironmentName);
        IsFine(settings);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("  ")]
    public void An_empty_variable_counts_as_not_set(string empty)
    {
        var settings = new Settings(_ => empty);
        Assert.AreEqual(LogLevel.Info, settings.LogLevel);
        Assert.AreEqual(TracesExporter.Otlp, settings.Exporter);
        Assert.AreEqual("http/protobuf", settings.Protocol);
        Assert.AreEqual(OverHttp, settings.Endpoint);
        Assert.AreEqual(MiddlewareSpans.App, settings.Middleware);
        Assert.IsEmpty(settings.AdditionalSources);
        Assert.AreEqual("Production", settings.EnvironmentName);
        IsFine(settings);
    }

    [TestMethod]
    [DataRow("none", LogLevel.None)]
    [DataRow("error", LogLevel.Error)]
    [DataRow("warn", LogLevel.Warn)]
    [DataRow("info", LogLevel.Info)]
    [DataRow("debug", LogLevel.Debug)]
    [DataRow(" DEBUG ", LogLevel.Debug)]
    public void Log_level(string value, object expected)
    {
        var settings = With($"OTEL_LOG_LEVEL={value}");
        Assert.AreEqual(expected, settings.LogLevel);
        IsFine(settings);
    }

    [TestMethod]
    [DataRow("otlp", TracesExporter.Otlp)]
    [DataRow("none", TracesExporter.None)]
    [DataRow("None", TracesExporter.None)]
    public void Exporter(string value, object expected)
    {
        var settings = With($"OTEL_TRACES_EXPORTER={value}");
        Assert.AreEqual(expected, settings.Exporter);
        IsFine(settings);
    }

    [TestMethod]
    [DataRow("app", MiddlewareSpans.App)]
    [DataRow("all", MiddlewareSpans.All)]
    [DataRow("none", MiddlewareSpans.None)]
    [DataRow("ALL", MiddlewareSpans.All)]
    public void Middleware(string value, object expected)
    {
        var settings = With($"AGENT_MIDDLEWARE={value}");
        Assert.AreEqual(expected, settings.Middleware);
        IsFine(settings);
    }

    [TestMethod]
    public void Additional_sources_are_separated_by_commas() =>
        CollectionAssert.AreEqual(new[] { "Shop", "Shop.Stock" }, With("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES= Shop, ,Shop.Stock,").AdditionalSources.ToArray());

    [TestMethod]
    [DataRow("Development", "Staging", "Development")]
    [DataRow("", "Staging", "Staging")]
    public void The_environment_is_named_as_the_host_names_it(string aspNetCore, string dotnet, string expected) =>
        Assert.AreEqual(expected, With($"ASPNETCORE_ENVIRONMENT={aspNetCore}", $"DOTNET_ENVIRONMENT={dotnet}").EnvironmentName);

    [TestMethod]
    [DataRow("OTEL_LOG_LEVEL=loud", "OTEL_LOG_LEVEL=loud is not accepted (one of none, error, warn, info, debug); using info.")]
    [DataRow("OTEL_TRACES_EXPORTER=zipkin", "OTEL_TRACES_EXPORTER=zipkin is not accepted (one of otlp, none); using otlp.")]
    [DataRow("OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_PROTOCOL=http/json is not accepted (one of http/protobuf, grpc); using http/protobuf.")]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http is not accepted (one of http/protobuf, grpc); using http/protobuf.")]
    [DataRow("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318", $"OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318 is not accepted (an absolute http or https address); using {OverHttp}.")]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=/v1/traces", $"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=/v1/traces is not accepted (an absolute http or https address); using {OverHttp}.")]
    [DataRow("AGENT_MIDDLEWARE=some", "AGENT_MIDDLEWARE=some is not accepted (one of app, all, none); using app.")]
    [DataRow("OTEL_TRACES_SAMPLER=often", $"OTEL_TRACES_SAMPLER=often is not accepted (one of {Samplers}); using parentbased_always_on.")]
    public void A_wrong_value_is_one_sentence_and_the_usual_value_is_used(string variable, string expected)
    {
        var settings = With(variable);
        Assert.AreEqual(expected, Problem(settings));
        Assert.AreEqual(LogLevel.Info, settings.LogLevel);
        Assert.AreEqual(TracesExporter.Otlp, settings.Exporter);
        Assert.AreEqual("http/protobuf", settings.Protocol);
        Assert.AreEqual(OverHttp, settings.Endpoint);
        Assert.AreEqual(MiddlewareSpans.App, settings.Middleware);
    }

    [TestMethod]
    public void Each_wrong_value_has_its_own_sentence() =>
        Assert.HasCount(3, With("OTEL_LOG_LEVEL=loud", "AGENT_MIDDLEWARE=some", "OTEL_EXPORTER_OTLP_ENDPOINT=here").Problems);

    [TestMethod]
    [DataRow("grpc", "", "grpc")]
    [DataRow("http/protobuf", "", "http/protobuf")]
    [DataRow("GRPC", "", "grpc")]
    [DataRow("", "grpc", "grpc")]
    [DataRow("grpc", "http/protobuf", "http/protobuf")]
    [DataRow("http/json", "grpc", "grpc")]
    public void The_protocol_for_traces_wins_over_the_one_for_all_signals(string all, string traces, string expected)
    {
        var settings = With($"OTEL_EXPORTER_OTLP_PROTOCOL={all}", $"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL={traces}");
        Assert.AreEqual(expected, settings.Protocol);
        IsFine(settings);
    }

    [TestMethod]
    [DataRow("http/protobuf", "", "", OverHttp)]
    [DataRow("http/protobuf", "http://collector:4318", "", "http://collector:4318/v1/traces")]
    [DataRow("http/protobuf", "http://collector:4318/", "", "http://collector:4318/v1/traces")]
    [DataRow("http/protobuf", "https://collector/otel", "", "https://collector/otel/v1/traces")]
    [DataRow("http/protobuf", "https://collector/otel/", "", "https://collector/otel/v1/traces")]
    [DataRow("http/protobuf", "", "http://collector:4318", "http://collector:4318")]
    [DataRow("http/protobuf", "", "http://collector:4318/", "http://collector:4318/")]
    [DataRow("http/protobuf", "http://all:4318", "http://traces:4318/own", "http://traces:4318/own")]
    [DataRow("grpc", "", "", "http://localhost:4317")]
    [DataRow("grpc", "http://collector:4317", "", "http://collector:4317")]
    [DataRow("grpc", "http://collector:4317/", "", "http://collector:4317/")]
    [DataRow("grpc", "http://all:4317", "https://traces:4317", "https://traces:4317")]
    public void The_endpoint_follows_the_specification(string protocol, string all, string traces, string expected)
    {
        var settings = With($"OTEL_EXPORTER_OTLP_PROTOCOL={protocol}", $"OTEL_EXPORTER_OTLP_ENDPOINT={all}", $"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={traces}");
        Assert.AreEqual(expected, settings.Endpoint);
        IsFine(settings);
    }

    [TestMethod]
    public void A_wrong_endpoint_over_grpc_falls_back_to_the_usual_one_of_grpc()
    {
        var settings = With("OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_ENDPOINT=ftp://collector");
        Assert.AreEqual("http://localhost:4317", settings.Endpoint);
        Assert.AreEqual("OTEL_EXPORTER_OTLP_ENDPOINT=ftp://collector is not accepted (an absolute http or https address); using http://localhost:4317.", Problem(settings));
    }

    [TestMethod]
    [DataRow("always_on")]
    [DataRow("always_off")]
    [DataRow("traceidratio")]
    [DataRow("parentbased_always_on")]
    [DataRow("parentbased_always_off")]
    [DataRow("parentbased_traceidratio")]
    [DataRow("ALWAYS_ON")]
    public void The_samplers_of_the_specification_are_accepted(string sampler) => IsFine(With($"OTEL_TRACES_SAMPLER={sampler}"));

    [TestMethod]
    [DataRow("traceidratio", "0")]
    [DataRow("traceidratio", "0.25")]
    [DataRow("parentbased_traceidratio", "1")]
    [DataRow("always_on", "not looked at")]
    [DataRow("", "not looked at")]
    public void The_sampler_argument_is_a_ratio_where_the_sampler_has_one(string sampler, string argument) =>
        IsFine(With($"OTEL_TRACES_SAMPLER={sampler}", $"OTEL_TRACES_SAMPLER_ARG={argument}"));

    [TestMethod]
    [DataRow("traceidratio", "half")]
    [DataRow("traceidratio", "0,5")]
    [DataRow("traceidratio", "-0.1")]
    [DataRow("parentbased_traceidratio", "1.1")]
    [DataRow("TraceIdRatio", "NaN")]
    public void A_wrong_sampler_argument_is_one_sentence(string sampler, string argument) => Assert.AreEqual(
        $"OTEL_TRACES_SAMPLER_ARG={argument} is not accepted (a number from 0 to 1); using 1.", Problem(With($"OTEL_TRACES_SAMPLER={sampler}", $"OTEL_TRACES_SAMPLER_ARG={argument}")));
}
