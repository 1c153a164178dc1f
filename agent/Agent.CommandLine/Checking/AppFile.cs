using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Agent.CommandLine.Checking;

/// <summary>An app as it lies on the disk: what its files say about how it will run.</summary>
sealed class AppFile
{
    /// <summary>Stands in every single-file app, after the place where its list of files is; in others that place is 0.</summary>
    static ReadOnlySpan<byte> BundleMark => [0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32, 0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae];

    AppFile(string path) => Path = path;

    /// <summary>The file: an assembly, or an executable.</summary>
    public string Path { get; }

    /// <summary>The folder that the app lies in.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The simple name of its assembly.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Whether it is one file with everything in it.</summary>
    public bool IsSingleFile { get; private init; }

    /// <summary>Whether it was compiled to native code.</summary>
    public bool IsNative { get; private init; }

    /// <summary>Whether it brings its own .NET.</summary>
    public bool IsSelfContained { get; private set; }

    /// <summary>The version of .NET that it asks for, or brings; null if that is not said.</summary>
    public Version? Runtime { get; private set; }

    /// <summary>rollForward in its runtimeconfig.json.</summary>
    public string? RollForward { get; private set; }

    /// <summary>Whether startup hooks are switched off in its runtimeconfig.json.</summary>
    public bool AreHooksOff { get; private set; }

    /// <summary>The startup hooks that its runtimeconfig.json names.</summary>
    public string? Hooks { get; private set; }

    /// <summary>Whether it brings the agent, as a package does: in a folder of that name, with the hook as one of its own assemblies.</summary>
    public bool BringsAgent => Hooks is { } hooks && hooks.Split(System.IO.Path.PathSeparator).Any(static hook => hook == Entry.Hooks.NameInPackage);

    /// <summary>The folder of an app for the agent that it brings.</summary>
    public static string AgentFolderOf(string folder) => System.IO.Path.Combine(folder, "agent");

    /// <summary>The version of its own OpenTelemetry; null if it has none.</summary>
    public string? OpenTelemetry { get; private set; }

    /// <summary>Whether it refers to ASP.NET Core.</summary>
    public bool IsWebApp { get; private set; }

    /// <param name="path">An assembly, an executable, or the folder that the app lies in.</param>
    /// <param name="problem">Why it is no app of .NET, as the rest of a sentence.</param>
    public static AppFile? Read(string path, out string problem)
    {
        problem = "";
        path = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(path))
            return InFolder(path, ref problem);
        if (!File.Exists(path))
        {
            problem = "there is no such file or folder";
            return null;
        }
        var withoutEnding = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileNameWithoutExtension(path));
        if (System.IO.Path.GetExtension(path) is ".csproj" or ".fsproj" or ".vbproj" or ".cs" or ".sln" or ".slnx")
        {
            problem = "it is source; what can be looked at is what is built from it, such as bin/Debug/net10.0/MyApp.dll";
            return null;
        }
        // MyApp.dll and its executable, which is MyApp or MyApp.exe; the name may have dots.
        foreach (var name in path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? [withoutEnding] : (string[])[path, withoutEnding])
        {
            if (File.Exists(name + ".dll") && ProcessFiles.Read(name + ".runtimeconfig.json") is { } configuration)
                return new AppFile(name + ".dll").With(configuration, ProcessFiles.Read(name + ".deps.json"));
        }
        if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            problem = "there is no runtimeconfig.json beside it, so it is a library and not an app";
            return null;
        }
        return OfExecutable(path, ref problem);
    }

    static AppFile? InFolder(string folder, ref string problem)
    {
        var apps = Directory.GetFiles(folder, "*.runtimeconfig.json").Select(static file => file[..^".runtimeconfig.json".Length] + ".dll").Where(File.Exists).ToArray();
        if (apps is [var only])
            return Read(only, out problem);
        if (apps is [])
        {
            foreach (var file in Directory.GetFiles(folder).Where(static file => System.IO.Path.GetExtension(file) is "" or ".exe"))
            {
                if (OfExecutable(file, ref problem) is { } app)
                    return app;
            }
        }
        problem = apps is [] ? "there is no app in this folder (no runtimeconfig.json, as it lies beside what is built)" : $"there are several apps in this folder: {string.Join(", ", apps.Select(System.IO.Path.GetFileName))}; name one";
        return null;
    }

    static AppFile? OfExecutable(string path, ref string problem)
    {
        var content = File.ReadAllBytes(path);
        if (content.AsSpan().IndexOf(BundleMark) is var at and >= 8 && BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(at - 8)) is var header and > 0)
            return OfBundle(path, content, (int)header);
        if (content.AsSpan().IndexOf("DotNetRuntimeDebugHeader"u8) >= 0)
            return new AppFile(path) { IsNative = true };
        problem = "it is not an app of .NET";
        return null;
    }

    /// <summary>The list of files of a single-file app begins with where its two configuration files are (dotnet/runtime, docs/design/features/single-file).</summary>
    static AppFile OfBundle(string path, byte[] content, int header)
    {
        using var reader = new BinaryReader(new MemoryStream(content, header, content.Length - header));
        reader.ReadBytes(12); // version, number of files
        reader.ReadString();
        var (dependenciesAt, dependenciesLength, configurationAt, configurationLength) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        string Text(long at, long length) => Encoding.UTF8.GetString(content, (int)at, (int)length);
        return new AppFile(path) { IsSingleFile = true }.With(Text(configurationAt, configurationLength), Text(dependenciesAt, dependenciesLength));
    }

    AppFile With(string configuration, string? dependencies)
    {
        using var document = JsonDocument.Parse(configuration, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        if (!document.RootElement.TryGetProperty("runtimeOptions", out var options))
            return this;
        IsSelfContained = options.TryGetProperty("includedFrameworks", out var included);
        foreach (var framework in IsSelfContained ? included.EnumerateArray() : options.TryGetProperty("frameworks", out var several) ? several.EnumerateArray() : Single(options))
        {
            var name = framework.GetProperty("name").GetString();
            IsWebApp |= name == "Microsoft.AspNetCore.App";
            if (Version.TryParse(framework.GetProperty("version").GetString()?.Split('-')[0], out var version) && (Runtime is null || name == "Microsoft.NETCore.App"))
                Runtime = version;
        }
        RollForward = options.TryGetProperty("rollForward", out var policy) ? policy.GetString() : null;
        if (options.TryGetProperty("configProperties", out var properties))
        {
            AreHooksOff = properties.TryGetProperty("System.StartupHookProvider.IsSupported", out var supported) && supported.ToString().Equals("false", StringComparison.OrdinalIgnoreCase);
            Hooks = properties.TryGetProperty("STARTUP_HOOKS", out var hooks) ? hooks.ToString() : null;
        }
        const string library = "\"OpenTelemetry/";
        if (dependencies?.IndexOf(library, StringComparison.Ordinal) is { } at and >= 0)
            OpenTelemetry = dependencies[(at + library.Length)..].Split('"')[0];
        return this;
    }

    static IEnumerable<JsonElement> Single(JsonElement options) => options.TryGetProperty("framework", out var framework) ? [framework] : [];
}
