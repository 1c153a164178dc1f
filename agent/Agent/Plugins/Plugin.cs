using System.Reflection;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Agent.Plugins;

/// <summary>
/// A class of the app's author that has a say in tracing, by methods with certain names; it has those it needs, static or not (OpenTelemetry .NET automatic
/// instrumentation, docs/plugins.md). What it throws is one line, and tracing goes on.
/// </summary>
sealed class Plugin
{
    /// <summary>The methods' names and what they take.</summary>
    static readonly (string Name, Type? Parameter)[] Forms =
    [
        ("Initializing", null), ("BeforeConfigureTracerProvider", typeof(TracerProviderBuilder)), ("AfterConfigureTracerProvider", typeof(TracerProviderBuilder)),
        ("ConfigureResource", typeof(ResourceBuilder)), ("ConfigureTracesOptions", typeof(object)), ("TracerProviderInitialized", typeof(TracerProvider)),
    ];

    const BindingFlags Candidates = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    readonly Type _type;
    readonly object? _instance;
    readonly List<MethodInfo> _methods = [];

    /// <param name="type">A static class, or one that can be made without arguments.</param>
    public Plugin(Type type)
    {
        _type = type;
        foreach (var method in type.GetMethods(Candidates))
        {
            if (FormOf(method) is not var (name, parameter))
                continue;
            var parameters = method.GetParameters();
            if (parameter is null ? parameters.Length == 0 : parameters.Length == 1 && parameter.IsAssignableFrom(parameters[0].ParameterType))
                _methods.Add(method);
            else
                Log.Error($"plugin {type}: {method} is not of the form {name}({parameter?.Name}); it is not called.");
        }
        if (_methods.Count == 0)
            throw new MissingMethodException($"it has none of the methods {string.Join(", ", Array.ConvertAll(Forms, form => form.Name))}");
        if (!IsStatic(type))
            _instance = Activator.CreateInstance(type, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    /// <summary>The type's name.</summary>
    public string Name => _type.ToString();

    /// <summary>Whether a class of an instrumentation file is meant as a plugin.</summary>
    public static bool Looks(Type type) => type is { IsClass: true, ContainsGenericParameters: false } && (IsStatic(type) || !type.IsAbstract)
        && Array.Exists(type.GetMethods(Candidates), method => FormOf(method) is not null);

    static bool IsStatic(Type type) => type is { IsAbstract: true, IsSealed: true };

    /// <summary>Calls the method of that name that takes the argument, if there is one.</summary>
    /// <returns>What it returns.</returns>
    public object? Call(string name, object? argument = null)
    {
        foreach (var method in _methods)
        {
            if (method.Name != name || argument is not null && !method.GetParameters()[0].ParameterType.IsInstanceOfType(argument))
                continue;
            try
            {
                return method.Invoke(_instance, BindingFlags.DoNotWrapExceptions, null, argument is null ? [] : [argument], null);
            }
            catch (Exception e)
            {
                Log.Error($"plugin {Name}: {name} threw {e.GetType().Name}: {e.Message.TrimEnd('.')}; tracing goes on without the rest of what it does.");
            }
        }
        return null;
    }

    static (string Name, Type? Parameter)? FormOf(MethodInfo method)
    {
        foreach (var form in Forms)
        {
            if (form.Name == method.Name)
                return form;
        }
        return null;
    }
}
