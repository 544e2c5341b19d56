package dev.serinus.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;

import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** Runs a health check of Argo CD: a script in Lua that is given {@code obj}. */
final class ArgoHealth {

    private final String script;

    ArgoHealth(String script) {
        this.script = script;
    }

    /** Healthy, Progressing, Degraded or Suspended. */
    String of(JsonNode object) {
        var globals = JsePlatform.standardGlobals();
        globals.set("obj", lua(object));
        LuaValue health = globals.load(script).call();
        if (!health.get("message").isstring()) {
            throw new IllegalStateException("Argo CD takes no health without a message");
        }
        return health.get("status").checkjstring();
    }

    private static LuaValue lua(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                var table = new LuaTable();
                node.properties().forEach(each -> table.set(each.getKey(), lua(each.getValue())));
                yield table;
            }
            case ARRAY -> {
                var table = new LuaTable();
                for (int i = 0; i < node.size(); i++) {
                    table.set(i + 1, lua(node.get(i)));
                }
                yield table;
            }
            case NUMBER -> LuaValue.valueOf(node.asDouble());
            case BOOLEAN -> LuaValue.valueOf(node.asBoolean());
            case NULL, MISSING -> LuaValue.NIL;
            case STRING, BINARY, POJO -> LuaValue.valueOf(node.asText());
        };
    }
}
