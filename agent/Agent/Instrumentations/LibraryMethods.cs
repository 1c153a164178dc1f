using System.Reflection;

namespace Agent.Instrumentations;

/// <summary>Methods of a library, among which TargetMethods of a patch class chooses.</summary>
static class LibraryMethods
{
    /// <summary>The public methods that a class itself has, in every copy of the library that is loaded.</summary>
    /// <param name="library">The assembly's simple name.</param>
    /// <param name="type">The class, with its namespace.</param>
    /// <param name="others">That those which are not public are meant too.</param>
    public static IEnumerable<MethodInfo> Of(string library, string type, BindingFlags others = default) => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => assembly.GetName().Name == library)
        .SelectMany(assembly => assembly.GetType(type)?.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly | others) ?? []);

    /// <summary>Those of one name, whether or not they are public.</summary>
    /// <param name="library">The assembly's simple name.</param>
    /// <param name="type">The class, with its namespace.</param>
    /// <param name="name">The method's name.</param>
    public static IEnumerable<MethodInfo> Named(string library, string type, string name) => Of(library, type, BindingFlags.NonPublic).Where(method => method.Name == name);
}
