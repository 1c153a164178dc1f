namespace Agent.Configuration;

/// <summary>Who the spans are from: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_DOTNET_AUTO_[…_]RESOURCE_DETECTOR_ENABLED.</summary>
sealed class ResourceSettings
{
    const string AttributesVariable = "OTEL_RESOURCE_ATTRIBUTES";

    public ResourceSettings(SettingReader reader)
    {
        ServiceName = reader.Text("OTEL_SERVICE_NAME");
        if (KeyValueList.Parse(reader.Raw(AttributesVariable) ?? "") is { } attributes)
        {
            Attributes = attributes;
            reader.Text(AttributesVariable);
        }
        else
        {
            Attributes = [];
            reader.Refuse(AttributesVariable, reader.Raw(AttributesVariable), KeyValueList.Form, "none");
        }
        var all = reader.Switch("OTEL_DOTNET_AUTO_RESOURCE_DETECTOR_ENABLED", usual: true);
        HasContainer = reader.Switch("OTEL_DOTNET_AUTO_CONTAINER_RESOURCE_DETECTOR_ENABLED", all);
        HasHost = reader.Switch("OTEL_DOTNET_AUTO_HOST_RESOURCE_DETECTOR_ENABLED", all);
        HasOperatingSystem = reader.Switch("OTEL_DOTNET_AUTO_OPERATINGSYSTEM_RESOURCE_DETECTOR_ENABLED", all);
        HasProcess = reader.Switch("OTEL_DOTNET_AUTO_PROCESS_RESOURCE_DETECTOR_ENABLED", all);
        HasProcessRuntime = reader.Switch("OTEL_DOTNET_AUTO_PROCESSRUNTIME_RESOURCE_DETECTOR_ENABLED", all);
    }

    /// <summary>The service's name; null for the app's assembly.</summary>
    public string? ServiceName { get; }

    /// <summary>What else is known of it; wins over everything but <see cref="ServiceName"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; }

    /// <summary>Whether container.id is looked up.</summary>
    public bool HasContainer { get; }

    /// <summary>Whether host.* is set.</summary>
    public bool HasHost { get; }

    /// <summary>Whether os.* is set.</summary>
    public bool HasOperatingSystem { get; }

    /// <summary>Whether process.* is set.</summary>
    public bool HasProcess { get; }

    /// <summary>Whether process.runtime.* is set.</summary>
    public bool HasProcessRuntime { get; }
}
