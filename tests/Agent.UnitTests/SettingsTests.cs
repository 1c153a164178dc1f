using Agent.Configuration;

namespace Agent.UnitTests;

[TestClass]
public sealed class SettingsTests
{
    const string OverHttp = "http://localhost:4318/v1/traces";
    const string Samplers = "one of parentbased_always_on, always_on, always_off, traceidratio, parentbased_always_off, parentbased_traceidratio";

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
        CollectionAssert.AreEqual(new[] { "otlp" }, settings.Exporters.ToArray());
        Assert.AreEqual("http/protobuf", settings.Otlp.Protocol);
        Assert.AreEqual(OverHttp, settings.Otlp.Endpoint);
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
        CollectionAssert.AreEqual(new[] { "otlp" }, settings.Exporters.ToArray());
        Assert.AreEqual("http/protobuf", settings.Otlp.Protocol);
        Assert.AreEqual(OverHttp, settings.Otlp.Endpoint);
        Assert.AreEqual(MiddlewareSpans.App, settings.Middleware);
        Assert.IsEmpty(settings.AdditionalSources);
        Assert.AreEqual("Production", settings.EnvironmentName);
        IsFine(settings);
    }

    [TestMethod]
    [DataRow("", false)]
    [DataRow("exclude", false)]
    [DataRow(" Inherit ", true)]
    public void Child_processes(string value, bool expected)
    {
        var settings = With($"AGENT_CHILD_PROCESSES={value}");
        Assert.AreEqual(expected, settings.AreChildProcessesTraced);
        IsFine(settings);
        Assert.AreEqual("AGENT_CHILD_PROCESSES=no is not accepted (one of exclude, inherit); using exclude.", Problem(With("AGENT_CHILD_PROCESSES=no")));
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
    [DataRow("otlp", "otlp")]
    [DataRow("none", "")]
    [DataRow("None", "")]
    [DataRow("console, OTLP,zipkin,otlp", "console,otlp,zipkin")]
    public void Exporters(string value, string expected)
    {
        var settings = With($"OTEL_TRACES_EXPORTER={value}");
        Assert.AreEqual(expected, string.Join(',', settings.Exporters));
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
    [DataRow("OTEL_LOG_LEVEL", "loud", "one of none, error, warn, info, debug", "info")]
    [DataRow("OTEL_SDK_DISABLED", "yes", "true or false", "false")]
    [DataRow("OTEL_DOTNET_AUTO_TRACES_ENABLED", "1", "true or false", "true")]
    [DataRow("OTEL_TRACES_EXPORTER", "jaeger", "a list of otlp, console, zipkin, or none", "otlp")]
    [DataRow("OTEL_TRACES_EXPORTER", "zipkin,jaeger", "a list of otlp, console, zipkin, or none", "zipkin")]
    [DataRow("OTEL_TRACES_EXPORTER", "none,otlp", "a list of otlp, console, zipkin, or none", "otlp")]
    [DataRow("OTEL_TRACES_EXPORTER", ",", "a list of otlp, console, zipkin, or none", "otlp")]
    [DataRow("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "one of http/protobuf, grpc", "http/protobuf")]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http", "one of http/protobuf, grpc", "http/protobuf")]
    [DataRow("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "an absolute http or https address", OverHttp)]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces", "an absolute http or https address", OverHttp)]
    [DataRow("OTEL_EXPORTER_OTLP_INSECURE", "on", "true or false", "false")]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "0", "true or false", "false")]
    [DataRow("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "a whole number of milliseconds, at least 0", "10000")]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "-1", "a whole number of milliseconds, at least 0", "10000")]
    [DataRow("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "one of none, gzip", "none")]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "true", "one of none, gzip", "none")]
    [DataRow("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "zipkin:9411", "an absolute http or https address", "http://localhost:9411/api/v2/spans")]
    [DataRow("OTEL_EXPORTER_ZIPKIN_TIMEOUT", "1.5", "a whole number of milliseconds, at least 0", "10000")]
    [DataRow("OTEL_BSP_SCHEDULE_DELAY", "0", "a whole number of milliseconds, at least 1", "5000")]
    [DataRow("OTEL_BSP_EXPORT_TIMEOUT", "soon", "a whole number of milliseconds, at least 0", "30000")]
    [DataRow("OTEL_BSP_MAX_QUEUE_SIZE", "0", "a whole number of spans, at least 1", "2048")]
    [DataRow("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2049", "a whole number of spans from 1 to 2048", "512")]
    [DataRow("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "-1", "a whole number of characters, at least 0", "no limit")]
    [DataRow("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "none", "a whole number of characters, at least 0", "no limit")]
    [DataRow("OTEL_ATTRIBUTE_COUNT_LIMIT", "many", "a whole number of attributes, at least 0", "128")]
    [DataRow("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1e3", "a whole number of attributes, at least 0", "128")]
    [DataRow("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "0x10", "a whole number of attributes, at least 0", "128")]
    [DataRow("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "9999999999", "a whole number of attributes, at least 0", "128")]
    [DataRow("OTEL_SPAN_EVENT_COUNT_LIMIT", "+5", "a whole number of events, at least 0", "128")]
    [DataRow("OTEL_SPAN_LINK_COUNT_LIMIT", "5.0", "a whole number of links, at least 0", "128")]
    [DataRow("OTEL_RESOURCE_ATTRIBUTES", "team=shop,preview", "key=value pairs separated by commas, percent-encoded", "none")]
    [DataRow("OTEL_RESOURCE_ATTRIBUTES", "team=%zz", "key=value pairs separated by commas, percent-encoded", "none")]
    [DataRow("OTEL_RESOURCE_ATTRIBUTES", "team=%C3", "key=value pairs separated by commas, percent-encoded", "none")]
    [DataRow("OTEL_RESOURCE_ATTRIBUTES", "=shop", "key=value pairs separated by commas, percent-encoded", "none")]
    [DataRow("OTEL_DOTNET_AUTO_RESOURCE_DETECTOR_ENABLED", "all", "true or false", "true")]
    [DataRow("OTEL_DOTNET_AUTO_CONTAINER_RESOURCE_DETECTOR_ENABLED", "docker", "true or false", "true")]
    [DataRow("OTEL_DOTNET_AUTO_HOST_RESOURCE_DETECTOR_ENABLED", "no", "true or false", "true")]
    [DataRow("OTEL_DOTNET_AUTO_OPERATINGSYSTEM_RESOURCE_DETECTOR_ENABLED", "no", "true or false", "true")]
    [DataRow("OTEL_DOTNET_AUTO_PROCESS_RESOURCE_DETECTOR_ENABLED", "no", "true or false", "true")]
    [DataRow("OTEL_DOTNET_AUTO_PROCESSRUNTIME_RESOURCE_DETECTOR_ENABLED", "no", "true or false", "true")]
    [DataRow("OTEL_PROPAGATORS", "b3,ottrace", "a list of tracecontext, baggage, b3, b3multi, jaeger, xray, or none", "b3")]
    [DataRow("OTEL_PROPAGATORS", "w3c", "a list of tracecontext, baggage, b3, b3multi, jaeger, xray, or none", "tracecontext,baggage")]
    [DataRow("OTEL_TRACES_SAMPLER", "often", Samplers, "parentbased_always_on")]
    [DataRow("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "always", "one of in_memory, none, disk", "in_memory")]
    [DataRow("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "disk", "together with OTEL_DOTNET_EXPERIMENTAL_OTLP_DISK_RETRY_DIRECTORY_PATH", "in_memory")]
    [DataRow("OTEL_DOTNET_AUTO_FLUSH_ON_UNHANDLEDEXCEPTION", "sometimes", "true or false", "true")]
    [DataRow("OTEL_DOTNET_AUTO_TRACES_INSTRUMENTATION_ENABLED", "some", "true or false", "what holds without it")]
    [DataRow("OTEL_DOTNET_AUTO_INSTRUMENTATION_ENABLED", "some", "true or false", "what holds without it")]
    [DataRow("OTEL_DOTNET_AUTO_LOGGER", "syslog", "one of console, file, none", "console")]
    [DataRow("OTEL_DOTNET_AUTO_LOGGER", "file", "together with OTEL_DOTNET_AUTO_LOG_DIRECTORY", "console")]
    [DataRow("AGENT_INSTRUMENTATION_FILE", "missing.dll", "a file, or off", "none")]
    [DataRow("AGENT_APP_SDK", "both", "one of join, separate, stand-down", "join")]
    [DataRow("AGENT_MIDDLEWARE", "some", "one of app, all, none", "app")]
    public void A_wrong_value_is_one_sentence_and_the_usual_value_is_used(string name, string value, string accepted, string used)
    {
        var settings = With($"{name}={value}");
        Assert.AreEqual($"{name}={value} is not accepted ({accepted}); using {used}.", Problem(settings));
        Assert.AreEqual(used, settings.Used.LastOrDefault(setting => setting.Name == name)?.Value);
        Assert.IsNull(settings.ForSdk[name], "the SDK does not see it either");

        // The same in the file, and every value but that one is as usual (a form for traces takes the place of that for all signals).
        var inFile = new Settings(_ => null, new Dictionary<string, string> { [name] = value });
        Assert.AreEqual(Problem(settings), Problem(inFile));
        var usual = With().Used.Where(setting => setting.Name != name).Select(setting => $"{setting.Name}={setting.Value}").ToList();
        CollectionAssert.IsSubsetOf(usual, settings.Used.Select(setting => $"{setting.Name}={setting.Value}").Append($"OTEL_EXPORTER_OTLP_{name.Split('_')[^1]}={used}").ToList());
    }

    [TestMethod]
    [DataRow("https://logs.example.com/*", true)]
    [DataRow("*/beacon", true)]
    [DataRow("/beacon", false)]
    [DataRow("logs.example.com/*", false)]
    [DataRow("https://logs.example.com/in?key=*", false)]
    public void An_ignored_address_is_a_whole_one(string address, bool isAccepted)
    {
        var settings = With($"AGENT_IGNORE_URLS={address}");
        CollectionAssert.AreEqual(isAccepted ? new[] { address } : [], settings.IgnoredUrls.ToArray());
        if (!isAccepted)
            Assert.AreEqual($"AGENT_IGNORE_URLS: {address} is not accepted (a whole address without a query, with * for any characters, such as https://logs.example.com/* or */beacon); it is left out.", Problem(settings));
    }

    [TestMethod]
    [DataRow("https://logs.example.com/in", "https://logs.example.com/*", true)]
    [DataRow("https://logs.example.com/in?*", "*/in", true)]
    [DataRow("https://LOGS.example.com/in", "https://logs.example.com/*", true)]
    [DataRow("https://shop.example.com/in", "https://logs.example.com/*", false)]
    [DataRow("https://shop.example.com/?*", "*/in", false)]
    public void An_ignored_address_is_compared_without_its_query(string url, string pattern, bool expected) =>
        Assert.AreEqual(expected, Tracing.IgnoredCalls.IsIgnored(url, [], [pattern]));

    [TestMethod]
    [DataRow("OTEL_EXPORTER_OTLP_HEADERS=api-key")]
    [DataRow("OTEL_EXPORTER_OTLP_HEADERS=api key=abc")]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_HEADERS=api-key=ab%0Ac")]
    [DataRow("OTEL_EXPORTER_OTLP_TRACES_HEADERS=api-key=ab%c")]
    public void Wrong_headers_are_said_without_their_values(string variable)
    {
        var settings = With(variable);
        Assert.AreEqual($"{variable[..variable.IndexOf('=', StringComparison.Ordinal)]} is not accepted (key=value pairs separated by commas, percent-encoded); using none.", Problem(settings));
        Assert.IsEmpty(settings.Otlp.Headers);
    }

    [TestMethod]
    public void Headers_are_decoded_one_by_one()
    {
        var settings = With("OTEL_EXPORTER_OTLP_HEADERS=authorization=Basic%20QWxhZGRpbjpvcGVuIHNlc2FtZQ==, x-tags = a%2Cb ,");
        IsFine(settings);
        CollectionAssert.AreEqual(new KeyValuePair<string, string>[] { new("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), new("x-tags", "a,b") }, settings.Otlp.Headers.ToArray());
        Assert.AreEqual("(hidden)", settings.Used.Single(setting => setting.Name == "OTEL_EXPORTER_OTLP_HEADERS").Value);
    }

    [TestMethod]
    public void Resource_attributes_are_percent_decoded_and_nothing_else()
    {
        var settings = With("OTEL_RESOURCE_ATTRIBUTES=team=caf%C3%A9%20no.%201,rule=a+b=c, empty=,k%2C1=v", "OTEL_SERVICE_NAME=shop");
        IsFine(settings);
        CollectionAssert.AreEqual(new KeyValuePair<string, string>[] { new("team", "café no. 1"), new("rule", "a+b=c"), new("empty", ""), new("k,1", "v") }, settings.Resource.Attributes.ToArray());
        Assert.AreEqual("shop", settings.Resource.ServiceName);
    }

    [TestMethod]
    [DataRow("collector:4317", "", "https://collector:4317")]
    [DataRow("collector:4317", "true", "http://collector:4317")]
    [DataRow("https://collector:4317", "true", "https://collector:4317")]
    public void An_address_for_grpc_needs_no_scheme(string address, string insecure, string expected)
    {
        var settings = With("OTEL_EXPORTER_OTLP_PROTOCOL=grpc", $"OTEL_EXPORTER_OTLP_ENDPOINT={address}", $"OTEL_EXPORTER_OTLP_INSECURE={insecure}");
        Assert.AreEqual(expected, settings.Otlp.Endpoint);
        IsFine(settings);
    }

    [TestMethod]
    public void Values_for_traces_win_over_those_for_all_signals()
    {
        var settings = With(
            "OTEL_EXPORTER_OTLP_TIMEOUT=1", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=2", "OTEL_EXPORTER_OTLP_COMPRESSION=none", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION=gzip",
            "OTEL_EXPORTER_OTLP_HEADERS=a=1", "OTEL_EXPORTER_OTLP_TRACES_HEADERS=b=2", "OTEL_EXPORTER_OTLP_CERTIFICATE=ca", "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE=traces-ca",
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=own", "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE=traces-own", "OTEL_EXPORTER_OTLP_CLIENT_KEY=key", "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY=traces-key");
        Assert.AreEqual((2, true, "b"), (settings.Otlp.Timeout, settings.Otlp.IsCompressed, settings.Otlp.Headers.Single().Key));
        Assert.AreEqual(("traces-ca", "traces-own", "traces-key"), (settings.Otlp.Certificate?.Path, settings.Otlp.ClientCertificate?.Path, settings.Otlp.ClientKey?.Path));
    }

    [TestMethod]
    public void A_timeout_of_0_is_no_limit() => Assert.AreEqual((int.MaxValue, int.MaxValue, int.MaxValue),
        With("OTEL_EXPORTER_OTLP_TIMEOUT=0", "OTEL_EXPORTER_ZIPKIN_TIMEOUT=0", "OTEL_BSP_EXPORT_TIMEOUT=0") is var settings ? (settings.Otlp.Timeout, settings.Zipkin.Timeout, settings.Batch.Timeout) : default);

    [TestMethod]
    public void A_small_queue_makes_the_usual_batch_smaller()
    {
        var settings = With("OTEL_BSP_MAX_QUEUE_SIZE=100");
        Assert.AreEqual((100, 100), (settings.Batch.QueueSize, settings.Batch.BatchSize));
        IsFine(settings);
    }

    [TestMethod]
    public void The_environment_wins_over_the_file_and_both_are_named_as_origin()
    {
        var file = new Dictionary<string, string> { ["AGENT_MIDDLEWARE"] = "all", ["OTEL_LOG_LEVEL"] = "debug", ["OTEL_TRACES_SAMPLER"] = "always_off", ["OTEL_SERVICE_NAME"] = "shop" };
        var settings = new Settings(Variables.Of("OTEL_LOG_LEVEL=warn", "OTEL_SERVICE_NAME="), file);
        IsFine(settings);
        Assert.AreEqual((MiddlewareSpans.All, LogLevel.Warn, "shop"), (settings.Middleware, settings.LogLevel, settings.Resource.ServiceName));
        Assert.AreEqual("always_off", settings.ForSdk["OTEL_TRACES_SAMPLER"]);
        SettingOrigin Origin(string name) => settings.Used.Single(setting => setting.Name == name).Origin;
        Assert.AreEqual(
            (SettingOrigin.File, SettingOrigin.Environment, SettingOrigin.File, SettingOrigin.Default),
            (Origin("AGENT_MIDDLEWARE"), Origin("OTEL_LOG_LEVEL"), Origin("OTEL_SERVICE_NAME"), Origin("OTEL_BSP_SCHEDULE_DELAY")));
    }

    [TestMethod]
    [DataRow("http://ada:secret@collector:4318", "http://collector:4318/v1/traces")]
    [DataRow("http://collector:4318", "http://collector:4318/v1/traces")]
    public void Addresses_are_shown_without_passwords(string address, string shown) =>
        Assert.AreEqual(shown, With($"OTEL_EXPORTER_OTLP_ENDPOINT={address}").Used.Single(setting => setting.Name == "OTEL_EXPORTER_OTLP_ENDPOINT").Value);

    [TestMethod]
    [DataRow("", "", Logger.Console)]
    [DataRow("", "/logs", Logger.File)]
    [DataRow("file", "/logs", Logger.File)]
    [DataRow("console", "/logs", Logger.Console)]
    [DataRow("none", "/logs", Logger.None)]
    public void Lines_go_to_a_file_where_there_is_a_folder_for_it(string logger, string folder, object expected)
    {
        var settings = With($"OTEL_DOTNET_AUTO_LOGGER={logger}", $"OTEL_DOTNET_AUTO_LOG_DIRECTORY={folder}");
        Assert.AreEqual(expected, settings.Logger);
        IsFine(settings);
    }

    [TestMethod]
    [DataRow("", "tracecontext,baggage", true)]
    [DataRow("baggage,tracecontext,baggage", "baggage,tracecontext", true)]
    [DataRow("b3,tracecontext,baggage", "b3,tracecontext,baggage", false)]
    [DataRow("tracecontext", "tracecontext", false)]
    [DataRow("none", "", false)]
    public void Propagators(string value, string expected, bool isUsual)
    {
        var settings = With($"OTEL_PROPAGATORS={value}");
        Assert.AreEqual((expected, isUsual), (string.Join(',', settings.Propagators), settings.HasUsualPropagators));
        IsFine(settings);
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
        Assert.AreEqual(expected, settings.Otlp.Protocol);
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
        Assert.AreEqual(expected, settings.Otlp.Endpoint);
        IsFine(settings);
    }

    [TestMethod]
    public void A_wrong_endpoint_over_grpc_falls_back_to_the_usual_one_of_grpc()
    {
        var settings = With("OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_ENDPOINT=ftp://collector");
        Assert.AreEqual("http://localhost:4317", settings.Otlp.Endpoint);
        Assert.AreEqual("OTEL_EXPORTER_OTLP_ENDPOINT=ftp://collector is not accepted (an http or https address, or host:port); using http://localhost:4317.", Problem(settings));
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
