namespace Agent.Configuration;

/// <summary>OTEL_EXPORTER_OTLP_[TRACES_]…: the form for traces only wins over the one for all signals.</summary>
sealed class OtlpSettings
{
    const string All = "OTEL_EXPORTER_OTLP_ENDPOINT", Traces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", Path = "/v1/traces";

    public OtlpSettings(SettingReader reader)
    {
        Protocol = reader.OneOf(Name(reader, "PROTOCOL"), "http/protobuf", ["http/protobuf", "grpc"]);
        var isInsecure = reader.Switch(Name(reader, "INSECURE"), usual: false);
        Endpoint = EndpointOf(reader, isInsecure);
        Headers = HeadersOf(reader);
        Timeout = reader.Timeout(Name(reader, "TIMEOUT"), 10000);
        IsCompressed = reader.OneOf(Name(reader, "COMPRESSION"), "none", ["none", "gzip"]) == "gzip";
        Certificate = File(reader, "CERTIFICATE");
        ClientCertificate = File(reader, "CLIENT_CERTIFICATE");
        ClientKey = File(reader, "CLIENT_KEY");
    }

    /// <summary>http/protobuf or grpc.</summary>
    public string Protocol { get; }

    /// <summary>Where traces go, as the exporter will work it out; for the line at start, and checked here because the exporter fails silently.</summary>
    public string Endpoint { get; }

    /// <summary>What may be wrong with the address if the receiver knows nothing there, as a sentence; null if it is where traces usually go.</summary>
    public string? PathProblem { get; private set; }

    /// <summary>Headers of each request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>How many milliseconds the receiver may take for a request.</summary>
    public int Timeout { get; }

    /// <summary>Whether requests are compressed.</summary>
    public bool IsCompressed { get; }

    /// <summary>The certificate authorities that the receiver's certificate is trusted by, instead of the system's.</summary>
    public CertificateFile? Certificate { get; }

    /// <summary>The certificate this process shows the receiver, with its chain.</summary>
    public CertificateFile? ClientCertificate { get; }

    /// <summary>Its private key, if that is not in the same file.</summary>
    public CertificateFile? ClientKey { get; }

    /// <summary>The variable that counts.</summary>
    static string Name(SettingReader reader, string what) =>
        reader.Raw($"OTEL_EXPORTER_OTLP_TRACES_{what}") is null ? $"OTEL_EXPORTER_OTLP_{what}" : $"OTEL_EXPORTER_OTLP_TRACES_{what}";

    static CertificateFile? File(SettingReader reader, string what)
    {
        var name = Name(reader, what);
        return reader.Text(name) is { } path ? new(name, path) : null;
    }

    string EndpointOf(SettingReader reader, bool isInsecure)
    {
        var isGrpc = Protocol == "grpc";
        var usual = isGrpc ? "http://localhost:4317" : $"http://localhost:4318{Path}";
        var name = reader.Raw(Traces) is null ? All : Traces;
        if (reader.Raw(name) is not { } value)
        {
            reader.Note(name, usual);
            return usual;
        }
        // Over gRPC an address needs no scheme; that is what INSECURE is for.
        var address = isGrpc && !value.Contains("://", StringComparison.Ordinal) ? $"{(isInsecure ? "http" : "https")}://{value}" : value;
        if (!SettingReader.IsAddress(address))
        {
            reader.Refuse(name, value, isGrpc ? "an http or https address, or host:port" : "an absolute http or https address", usual);
            return usual;
        }
        // Only the address for all signals gets the signal's path appended, and only over HTTP.
        var endpoint = name == All && !isGrpc ? $"{address.TrimEnd('/')}{Path}" : address;
        if (name == Traces && !isGrpc && !new Uri(address).AbsolutePath.EndsWith(Path, StringComparison.Ordinal))
            PathProblem = $"{Traces} is used as it is, and does not end in {Path}";
        reader.Note(name, SettingReader.WithoutSecrets(endpoint));
        return endpoint;
    }

    static List<KeyValuePair<string, string>> HeadersOf(SettingReader reader)
    {
        var name = Name(reader, "HEADERS");
        if (KeyValueList.Parse(reader.Raw(name) ?? "") is not { } headers || !headers.TrueForAll(IsHeader))
        {
            reader.Refuse(name, null, KeyValueList.Form, "none"); // without its value, which is a secret
            return [];
        }
        reader.Note(name, headers.Count == 0 ? "" : "(hidden)");
        return headers;
    }

    /// <summary>What may be sent as a header; the exporter would fail with each request otherwise.</summary>
    static bool IsHeader(KeyValuePair<string, string> header)
    {
        foreach (var character in header.Key)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !"!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal))
                return false;
        }
        foreach (var character in header.Value)
        {
            if (character is < ' ' or > '~')
                return false;
        }
        return true;
    }
}

/// <summary>A PEM file.</summary>
/// <param name="Variable">The variable that names it, for a sentence about it.</param>
/// <param name="Path">Where it is.</param>
sealed record CertificateFile(string Variable, string Path);
