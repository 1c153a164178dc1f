using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace HarmonyLib.Tests;

/// <summary>Methods that cannot be patched, whatever the patch.</summary>
[TestClass]
public sealed class UnpatchableMethodTests : PatchingTest
{
    abstract class Shape
    {
        public static readonly int Sides = int.Parse("4", CultureInfo.InvariantCulture);

        static Shape() => Seen.Add("static constructor");

        public abstract void Abstract();

        public virtual int Inherited() => 1;
    }

    sealed class Square : Shape
    {
        public override void Abstract() { }
    }

    [DllImport("libc", EntryPoint = "getpid")]
    static extern int ProcessId();

    static void Count() => Seen.Add("call");

    string Refusal(MethodBase method) => Refusal(method, prefix: Count);

    [TestMethod]
    public void Abstract_methods() => Assert.AreEqual("it is abstract", Refusal(Method(typeof(Shape), nameof(Shape.Abstract))));

    [TestMethod]
    public void Methods_without_il()
    {
        Assert.AreEqual("it has no IL (extern)", Refusal(Method(typeof(UnpatchableMethodTests), nameof(ProcessId))));
        Assert.AreEqual("it has no IL (extern)", Refusal(typeof(Action).GetMethod("Invoke")!));
        Assert.AreEqual("it has no IL (extern)", Refusal(typeof(Action).GetConstructors().Single()));
        Assert.AreEqual("it has no IL (extern)", Refusal(typeof(Math).GetMethod(nameof(Math.Sin))!));
        Assert.AreEqual("it has no IL (a method of arrays)", Refusal(typeof(int[,]).GetMethod("Get")!));
    }

    [TestMethod]
    public void A_static_constructor_is_not_even_run()
    {
        Assert.AreEqual("it is a static constructor, which runs once, and may have run already", Refusal(typeof(Shape).TypeInitializer!));
        AssertSeen();
    }

    [TestMethod]
    public void Dynamic_methods()
    {
        var dynamic = new DynamicMethod("dynamic", typeof(int), []);
        var il = dynamic.GetILGenerator();
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        Assert.AreEqual("it is a dynamic method", Refusal(dynamic));
        Assert.AreEqual("it is a dynamic method", Refusal(dynamic.CreateDelegate<Func<int>>().Method));
    }

    [TestMethod]
    [DataRow(AssemblyBuilderAccess.Run)]
    [DataRow(AssemblyBuilderAccess.RunAndCollect)]
    public void Methods_of_a_dynamic_assembly(AssemblyBuilderAccess access)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Dynamic"), access).DefineDynamicModule("Dynamic").DefineType("Dynamic");
        var il = type.DefineMethod("Method", MethodAttributes.Public | MethodAttributes.Static, typeof(int), []).GetILGenerator();
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        var method = type.CreateType().GetMethod("Method")!;
        Assert.AreEqual("its code is dynamic or collectible", Refusal(method));
        Assert.AreEqual(1, method.Invoke(null, []));
    }

    [TestMethod]
    public void Methods_of_a_collectible_load_context()
    {
        var context = new AssemblyLoadContext("collectible", isCollectible: true);
        var copy = context.LoadFromAssemblyPath(typeof(UnpatchableMethodTests).Assembly.Location);
        var method = copy.GetType(typeof(Targets).FullName!)!.GetMethod(nameof(Targets.Add))!;
        Assert.AreEqual("its code is dynamic or collectible", Refusal(method));
        Assert.AreEqual(5, method.Invoke(null, [2, 3]));
        context.Unload();
    }

    [TestMethod]
    public void An_instantiation_over_a_collectible_type()
    {
        var context = new AssemblyLoadContext("collectible", isCollectible: true);
        var copy = context.LoadFromAssemblyPath(typeof(UnpatchableMethodTests).Assembly.Location);
        var box = typeof(Box<>).MakeGenericType(copy.GetType(typeof(Money).FullName!)!);
        Assert.StartsWith("one of its types can be unloaded", Refusal(box.GetMethod(nameof(Box<>.Describe))!, prefix: Count));
        Assert.AreEqual("a b", new Box<string>("a").Describe("b"));
        context.Unload();
    }

    [TestMethod]
    public void Methods_in_two_load_contexts_are_two_methods()
    {
        var context = new AssemblyLoadContext("other");
        var copy = context.LoadFromAssemblyPath(typeof(UnpatchableMethodTests).Assembly.Location);
        var method = copy.GetType(typeof(Targets).FullName!)!.GetMethod(nameof(Targets.Add))!;
        Patch(method, prefix: Count);
        Assert.AreEqual(5, Targets.Add(2, 3));
        AssertSeen();
        Assert.AreEqual(5, method.Invoke(null, [2, 3]));
        AssertSeen("call");
    }

    [TestMethod]
    public void A_jump_to_another_method() => Assert.AreEqual("its code has a jmp instruction", Refusal(EmittedTargets.Method("Jump")));

    [TestMethod]
    public void Variable_argument_lists() => Assert.AreEqual("it takes a variable argument list", Refusal(EmittedTargets.Method("VariableArguments")));

    /// <summary>What is patched of them on .NET 11 is in Agent.RuntimeAsync.Tests.</summary>
    [TestMethod]
    public void Runtime_async_methods() => Assert.AreEqual(
        Environment.Version.Major >= 11
            ? "it is a runtime-async method that returns no task: a part of how the runtime awaits"
            : $"it is a runtime-async method, and .NET {Environment.Version.Major} does not run such methods with another body; .NET 11 does",
        Refusal(new RuntimeAsyncMethod(typeof(int))));

    /// <summary>What a runtime of .NET 11 would show; the one of .NET 10 does not load a type with such a method.</summary>
    sealed class RuntimeAsyncMethod(Type returned) : MethodInfo
    {
        public override Type ReturnType => returned;
        public override MethodAttributes Attributes => MethodAttributes.Public | MethodAttributes.Static;
        public override Type DeclaringType => typeof(UnpatchableMethodTests);
        public override RuntimeMethodHandle MethodHandle => throw new InvalidOperationException("the runtime must not be asked");
        public override string Name => "Method";
        public override Type ReflectedType => DeclaringType;
        public override ICustomAttributeProvider ReturnTypeCustomAttributes => throw new NotSupportedException();
        public override MethodInfo GetBaseDefinition() => this;
        public override object[] GetCustomAttributes(bool inherit) => [];
        public override object[] GetCustomAttributes(Type attributeType, bool inherit) => [];
        public override MethodImplAttributes GetMethodImplementationFlags() => (MethodImplAttributes)0x2000;
        public override ParameterInfo[] GetParameters() => [];
        public override object Invoke(object? obj, BindingFlags invokeAttr, Binder? binder, object?[]? parameters, CultureInfo? culture) => throw new NotSupportedException();
        public override bool IsDefined(Type attributeType, bool inherit) => false;
    }

    [TestMethod]
    public void One_refusal_among_many_does_not_keep_the_others_out()
    {
        MethodBase[] methods = [Method(typeof(Targets), nameof(Targets.Add)), Method(typeof(Shape), nameof(Shape.Abstract)), Method(typeof(Targets), nameof(Targets.Nothing))];
        var refused = Guarded.PatchMany(methods, prefix: new HarmonyMethod(Count), postfix: new HarmonyMethod(Count), finalizer: new HarmonyMethod(Count));
        Assert.AreEqual("HarmonyLib.Tests.UnpatchableMethodTests+Shape.Abstract() cannot be patched: it is abstract", refused.Single().Value);
        Assert.AreSame(methods[1], refused.Single().Key);
        Targets.Nothing();
        Targets.Add(1, 2);
        Assert.HasCount(6, Seen);
    }

    [TestMethod]
    public void An_inherited_method_is_patched_where_it_is_declared()
    {
        var inherited = typeof(Square).GetMethod(nameof(Shape.Inherited))!;
        Assert.AreEqual("it is inherited. You can only patch implemented methods/constructors. Patch the declared method virtual System.Int32 HarmonyLib.Tests.UnpatchableMethodTests+Shape::Inherited() instead", Refusal(inherited));
        Patch(inherited.GetBaseDefinition(), prefix: Count);
        Assert.AreEqual("it is inherited. You can only patch implemented methods/constructors. Patch the declared method virtual System.Int32 HarmonyLib.Tests.UnpatchableMethodTests+Shape::Inherited() instead", Refusal(inherited));
        Assert.AreEqual(1, new Square().Inherited());
        Assert.Contains("call", Seen);
    }

    sealed class Names : List<string>;

    [TestMethod]
    public void An_inherited_method_of_a_generic_type()
    {
        Assert.StartsWith("it is inherited. You can only patch implemented methods/constructors. Patch the declared method virtual System.Int32 System.Collections.Generic.List", Refusal(typeof(Names).GetMethod(nameof(Names.IndexOf), [typeof(string)])!));
    }
}
