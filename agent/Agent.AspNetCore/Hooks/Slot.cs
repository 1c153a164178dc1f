using System.Reflection;
using System.Runtime.CompilerServices;

namespace Agent.AspNetCore.Hooks;

/// <summary>A place where something that was built keeps a delegate: a field of an object, mostly. What is put there instead is taken back when the agent is detached.</summary>
/// <param name="name">The field's name.</param>
/// <param name="get">Reads it.</param>
/// <param name="set">Writes it.</param>
sealed class Slot(string name, Func<object?> get, Action<object?> set)
{
    public Slot(object owner, FieldInfo place) : this(place.Name, () => place.GetValue(owner), value => place.SetValue(owner, value))
    {
    }

    /// <summary>What is there now.</summary>
    public Delegate? Value => get() as Delegate;

    /// <summary>The field's name.</summary>
    public string Name => name;

    /// <summary>Something else is there until the agent is detached.</summary>
    public void Set(Delegate value)
    {
        var before = get();
        set(value);
        Attachment.Undo(() =>
        {
            if (ReferenceEquals(get(), value)) // or the app has put something else there
                set(before);
        });
    }

    /// <summary>The fields of a type that an object keeps, in closures around it, too.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="type">The type of the fields.</param>
    public static List<Slot> Of(object owner, Type type)
    {
        var slots = new List<Slot>();
        foreach (var field in FieldsOf(owner.GetType()))
        {
            if (field.FieldType == type)
                slots.Add(new Slot(owner, field));
            else if (IsClosure(field.FieldType) && IsClosure(owner.GetType()) && field.GetValue(owner) is { } outer)
                slots.AddRange(Of(outer, type));
        }
        return slots;
    }

    /// <summary>What is in an object's fields, and in those of closures around it.</summary>
    public static IEnumerable<object> ValuesOf(object owner)
    {
        foreach (var field in FieldsOf(owner.GetType()))
        {
            if (field.GetValue(owner) is not { } value)
                continue;
            yield return value;
            foreach (var inner in IsClosure(field.FieldType) && IsClosure(owner.GetType()) ? ValuesOf(value) : [])
                yield return inner;
        }
    }

    /// <summary>All of an object's fields.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type? type)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(MiddlewareName.Fields | BindingFlags.DeclaredOnly))
                yield return field;
        }
    }

    /// <summary>Whether the compiler has made a type, for what lambdas use of the method around them.</summary>
    public static bool IsClosure(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
