using System.Reflection;
using HarmonyLib;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Agent.Plugins;

/// <summary>
/// The plugins of this process: the types that OTEL_DOTNET_AUTO_PLUGINS names, and those of the app's instrumentation file. They run before any
/// code of the app does: what they are about is how the app is seen from its first line on.
/// </summary>
sealed class PluginList
{
    readonly List<Plugin> _plugins = [];
    readonly List<Assembly> _assemblies = [];

    PluginList()
    {
    }

    /// <summary>No plugins.</summary>
    public static PluginList None { get; } = new();

    /// <summary>Whether there are any.</summary>
    public bool IsEmpty => _assemblies.Count == 0;

    /// <summary>Loads and makes the plugins, and calls their Initializing. Whatever cannot be loaded is one line.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="folder">Where Agent.StartupHook.dll lies; plugins may lie there too.</param>
    /// <param name="canPatch">Whether methods can be patched.</param>
    public static PluginList Load(Settings settings, string folder, bool canPatch)
    {
        if (!settings.HasPlugins)
            return None;
        var list = new PluginList();
        var file = settings.InstrumentationFile;
        var context = new PluginLoadContext([.. file is null ? (string[])[] : [Path.GetDirectoryName(file)!], AppContext.BaseDirectory, folder]);
        foreach (var name in settings.Plugins)
            Guarded($"plugin {name}", () => list.AddType(context, name));
        if (file is not null)
            Guarded($"instrumentation file {file}", () => list.AddFile(context.LoadFromAssemblyPath(file)));
        foreach (var plugin in list._plugins)
            plugin.Call("Initializing");
        foreach (var assembly in list._assemblies)
            InstallPatches(assembly, canPatch);
        return list;
    }

    /// <summary>What the line at start says about them.</summary>
    public string Describe() => IsEmpty ? "" : $" Plugins: {string.Join(", ", Names)}.";

    /// <summary>The names of their assemblies.</summary>
    public IReadOnlyList<string> Names => _assemblies.ConvertAll(assembly => assembly.GetName().Name!);

    /// <summary>Lets each plugin configure the builder.</summary>
    public TracerProviderBuilder Configure(string method, TracerProviderBuilder builder)
    {
        foreach (var plugin in _plugins)
            builder = plugin.Call(method, builder) as TracerProviderBuilder ?? builder;
        return builder;
    }

    /// <summary>Lets each plugin say more about who the spans are from.</summary>
    public ResourceBuilder Configure(ResourceBuilder resource)
    {
        foreach (var plugin in _plugins)
            resource = plugin.Call("ConfigureResource", resource) as ResourceBuilder ?? resource;
        return resource;
    }

    /// <summary>Lets each plugin change the options of an exporter.</summary>
    public T Options<T>(T options) where T : class
    {
        foreach (var plugin in _plugins)
            plugin.Call("ConfigureTracesOptions", options);
        return options;
    }

    /// <summary>Shows each plugin the provider.</summary>
    public void Initialized(TracerProvider provider)
    {
        foreach (var plugin in _plugins)
            plugin.Call("TracerProviderInitialized", provider);
    }

    /// <summary>An assembly-qualified name: «Shop.Tracing, Shop.Tracing.Plugin».</summary>
    void AddType(PluginLoadContext context, string name)
    {
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            throw new ArgumentException("it is not «type, assembly»");
        var assembly = context.LoadPlugin(new AssemblyName(name[(comma + 1)..].Trim()))
            ?? throw new FileNotFoundException($"its assembly is neither beside the app nor beside Agent.StartupHook.dll");
        Add(assembly, new(assembly.GetType(name[..comma].Trim()) ?? throw new TypeLoadException($"{assembly.GetName().Name} has no such type")));
    }

    /// <summary>Every public class that has one of the methods; an assembly may also have nothing but patches. Classes that cannot be loaded keep no other out.</summary>
    void AddFile(Assembly assembly)
    {
        foreach (var type in AccessTools.GetTypesFromAssembly(assembly))
        {
            if (type.IsVisible && Plugin.Looks(type))
                Add(assembly, new(type));
        }
        if (!_assemblies.Contains(assembly))
            _assemblies.Add(assembly);
    }

    void Add(Assembly assembly, Plugin plugin)
    {
        if (_plugins.Exists(other => other.Name == plugin.Name))
            return; // named, and in the file
        _plugins.Add(plugin);
        if (!_assemblies.Contains(assembly))
            _assemblies.Add(assembly);
    }

    /// <summary>Guarded, like our own: what a patch throws is a line and never reaches the app. Those in categories are the plugin's to install.</summary>
    static void InstallPatches(Assembly assembly, bool canPatch)
    {
        var name = assembly.GetName().Name!;
        Guarded($"patches of {name}", () =>
        {
            if (canPatch)
                new Harmony($"plugin {name}").PatchAllUncategorized(assembly);
            else if (Array.Exists(AccessTools.GetTypesFromAssembly(assembly), type => type.IsDefined(typeof(HarmonyAttribute), inherit: true)))
                throw new HarmonyException("methods cannot be patched in this process");
        });
    }

    static void Guarded(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            var reason = e is HarmonyException or ArgumentException or MissingMethodException or TypeLoadException or FileNotFoundException { FileName: null } ? e.Message : $"{e.GetType().Name}: {e.Message}";
            Log.Error($"{what}: {reason.TrimEnd('.')}; tracing goes on without {(e is HarmonyException ? "them" : "it")}.");
        }
    }
}
