using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.AspNetCore;
using Agent.Instrumentations.Data;
using HarmonyLib;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Agent.UnitTests;

/// <summary>The lists of instrumentations against the patch classes there are, and these against the frameworks they are for.</summary>
[TestClass]
public sealed class ListTests
{
    static IEnumerable<(string Assembly, Type Patch)> Listed => InstrumentationList.Patches.Concat(InstrumentationList.Guards).Concat(AspNetCoreInstrumentations.Patches)
        .SelectMany(entry => entry.Value.Select(patch => (entry.Key, patch)));

    /// <summary>Without those that say of themselves that this runtime has nothing for them.</summary>
    static IEnumerable<(string Assembly, Type Patch)> Wanted => Listed.Where(item => AccessTools.DeclaredMethod(item.Patch, "Prepare", [])?.Invoke(null, null) is not false);

    public static IEnumerable<object[]> Patches => Wanted.Select(item => new object[] { item.Assembly, item.Patch });

    /// <summary>Those named so, and those marked so, which say a method of their own.</summary>
    static IEnumerable<MethodInfo> PatchMethods(Type patch) => patch.GetMethods(AccessTools.allDeclared)
        .Where(method => method.Name is "Prefix" or "Postfix" or "Finalizer" || method.IsDefined(typeof(HarmonyPrefix)) || method.IsDefined(typeof(HarmonyPostfix)) || method.IsDefined(typeof(HarmonyFinalizer)));

    /// <summary>What the attributes say together.</summary>
    static (string Type, string Assembly, string? Method, Type[]? Parameters) Target(Type patch)
    {
        var said = patch.GetCustomAttributes<HarmonyPatch>().Select(attribute => attribute.info).ToList();
        var type = said.Select(info => info.declaringType is { } known ? $"{known}, {known.Assembly.GetName().Name}" : info.typeName).Single(name => name is not null)!.Split(", ");
        Assert.HasCount(2, type);
        var method = said.Select(info => info.methodName ?? (info.methodType == MethodType.Constructor ? ".ctor" : null)).SingleOrDefault(name => name is not null);
        return (type[0], type[1], method, said.SingleOrDefault(info => info.argumentTypes is not null)?.argumentTypes);
    }

    /// <summary>What a method of a patch class is for.</summary>
    static List<MethodBase> Resolve(Type patch, MethodInfo method)
    {
        var target = Target(patch);
        var type = Assembly.Load(target.Assembly).GetType(target.Type, throwOnError: true)!;
        if (AccessTools.DeclaredMethod(patch, "TargetMethods") is { } several)
            return [.. (IEnumerable<MethodBase>)several.Invoke(null, null)!];
        var own = method.GetCustomAttribute<HarmonyPatch>()?.info;
        if (own?.typeName is { } typeName)
            type = Type.GetType(typeName, throwOnError: true)!;
        var name = own?.methodName ?? target.Method!;
        return [(name == ".ctor" ? target.Parameters is null ? AccessTools.GetDeclaredConstructors(type, searchForStatic: false).Single() : AccessTools.DeclaredConstructor(type, target.Parameters) : AccessTools.DeclaredMethod(type, name, target.Parameters) as MethodBase)
            ?? throw new MissingMethodException($"{type} has no method {name}")];
    }

    [TestMethod]
    public void Every_patch_class_is_listed_once()
    {
        var there = new[] { typeof(InstrumentationList).Assembly, typeof(AspNetCoreInstrumentations).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsDefined(typeof(HarmonyPatch), inherit: false));
        CollectionAssert.AreEquivalent(there.ToList(), Listed.Select(item => item.Patch).ToList());
    }

    [TestMethod]
    [DynamicData(nameof(Patches))]
    public void A_patch_stands_under_the_assembly_of_its_target(string assembly, Type patch)
    {
        // Or, if its target is a base class, under the assembly of what derives from it.
        var referred = patch == typeof(AdoNetPatch) ? Assembly.Load(assembly).GetReferencedAssemblies().Select(name => name.Name) : [];
        string?[] expected = [assembly, .. referred];
        CollectionAssert.Contains(expected, Target(patch).Assembly);
        foreach (var target in PatchMethods(patch).SelectMany(method => Resolve(patch, method)))
            CollectionAssert.Contains(expected, target.Module.Assembly.GetName().Name);
    }

    /// <summary>Prints, for every patch class, the target, its shape and whether it is there: the table that users see with OTEL_LOG_LEVEL=debug.</summary>
    [TestMethod]
    public void Table_of_all_targets()
    {
        var missing = new List<string>();
        foreach (var (_, patch) in Wanted.OrderBy(item => Target(item.Patch).Type, StringComparer.Ordinal))
        {
            try
            {
                foreach (var target in PatchMethods(patch).SelectMany(method => Resolve(patch, method).Select(target => (method, target))).GroupBy(pair => pair.target, pair => pair.method.Name))
                    TestContext.WriteLine($"{MethodName.Row(patch.Name, target, target.Key)}: found");
            }
            catch (Exception e) when (e is MissingMethodException or TypeLoadException or FileNotFoundException)
            {
                TestContext.WriteLine($"{patch.Name}: missing: {e.Message}");
                missing.Add(patch.Name);
            }
        }
        Assert.IsEmpty(missing);
    }

    public TestContext TestContext { get; set; } = null!;

    /// <summary>What the engine compares before it patches (Weaver), without the engine.</summary>
    [TestMethod]
    [DynamicData(nameof(Patches))]
    public void A_patch_fits_the_shape_of_its_target(string assembly, Type patch)
    {
        var calls = PatchMethods(patch).SelectMany(method => Resolve(patch, method).SelectMany(target => method.GetParameters().Select(parameter => (target, parameter)))).ToList();
        Assert.IsTrue(PatchMethods(patch).All(method => Resolve(patch, method).Count > 0) && PatchMethods(patch).Any(), $"a patch for {assembly} without Prefix, Postfix, Finalizer or target");
        foreach (var (target, parameter) in calls)
        {
            var wanted = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            switch (parameter.Name)
            {
                case "__state" or "__originalMethod":
                    break;
                case { } name when name.StartsWith("___", StringComparison.Ordinal):
                    Assert.IsTrue(wanted.IsAssignableFrom(AccessTools.DeclaredField(target.DeclaringType!, name[3..])?.FieldType), $"{target.DeclaringType} has no field {name[3..]} that is a {wanted}");
                    break;
                case "__0":
                    Assert.IsNotEmpty(target.GetParameters());
                    break;
                case "__instance":
                    Assert.IsFalse(target.IsStatic, $"{target} has no instance");
                    break;
                case "__exception":
                    Assert.AreEqual(typeof(Exception), wanted);
                    break;
                case "__result":
                    Assert.IsTrue(target is MethodInfo { ReturnType: var returned } && wanted.IsAssignableFrom(returned), $"{target} returns no {wanted}");
                    break;
                default:
                    var original = target.GetParameters().SingleOrDefault(item => item.Name == parameter.Name);
                    Assert.IsNotNull(original, $"{target} has no parameter {parameter.Name}");
                    var there = original.ParameterType is { IsByRef: true } byRef ? byRef.GetElementType() : original.ParameterType;
                    // An object may stand for a type that has no name here, a value type boxed.
                    Assert.IsTrue(wanted == typeof(object) || wanted.IsAssignableFrom(there), $"{parameter.Name} of {target} is no {wanted}");
                    break;
            }
        }
    }

    public static IEnumerable<object[]> Accessors => new[] { typeof(InstrumentationList).Assembly, typeof(AspNetCoreInstrumentations).Assembly }
        .SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods(AccessTools.allDeclared))
        .Where(method => method.IsDefined(typeof(UnsafeAccessorAttribute))).Select(method => new object[] { method });

    /// <summary>To compile an accessor is to look for its member.</summary>
    [TestMethod]
    [DynamicData(nameof(Accessors))]
    public void A_private_member_that_is_read_is_there(MethodInfo accessor)
    {
        Assembly.Load("Microsoft.AspNetCore.Mvc.RazorPages");
        // The parameter of a generic class stands for activities, that of a generic method for a string.
        Type[] ofClass = accessor.DeclaringType is { IsGenericTypeDefinition: true } ? [typeof(System.Diagnostics.Activity)] : [];
        var ofMethod = accessor.GetGenericArguments().Select(static _ => typeof(string));
        RuntimeHelpers.PrepareMethod(accessor.MethodHandle, [.. ofClass.Concat(ofMethod).Select(static type => type.TypeHandle)]);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_missing")]
    static extern ref int Missing(PageContext page);

    [TestMethod]
    public void A_private_member_that_is_missing_would_be_noticed()
    {
        var accessor = ((Delegate)Missing).Method;
        Assert.ThrowsExactly<MissingFieldException>(() => RuntimeHelpers.PrepareMethod(accessor.MethodHandle));
    }
}
