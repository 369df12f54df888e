# La semana de quien audita.
audit-tab = Auditoría
audit-heading = Revisión de la semana
audit-lead = { $number ->
    [0] no pasó nada
   *[other] { $number } renglones
}
audit-from = Semana que empieza el
audit-show = Mostrar
audit-earlier = La semana anterior
audit-later = La semana siguiente
audit-error-from = Escriba el día como año, mes y día, por ejemplo 2026-11-23
audit-failed-heading = Intentos de entrar sin éxito
audit-failed-none = Nadie falló al entrar.
audit-failed-caption = Intentos sin éxito por nombre. Pregunte a cada persona si fue ella.
audit-times = Veces
audit-last = Última (UTC)
audit-by-act = Por acto
audit-by-act-caption = Qué se hizo y cuántas veces
audit-by-person = Por persona
audit-by-person-caption = Quién hizo algo y cuántas veces
audit-cells-heading = Quién hizo qué
audit-cells-caption = Actos por persona, primero los intentos sin éxito
audit-rows-heading = Renglón por renglón
audit-rows = Los últimos { $number } renglones de la semana
audit-rows-caption = Renglones de la auditoría, lo más nuevo primero
audit-verify-heading = ¿El registro está entero?
audit-verify = Cada renglón está encadenado al anterior. Si uno se cambió, se quitó o se movió, se nota.
audit-verify-button = Revisar cada renglón
audit-holds = El registro está entero
audit-holds-rows = Los { $number } renglones están como se escribieron. Anote el final de la cadena y guárdelo en otro lugar:
audit-broken = El registro no está entero
audit-broken-next = No cambie nada. Avise a quien maneja esta instalación y conserve la última copia.
audit-finding-changed = El renglón { $row } se cambió o está donde estaba otro.
audit-finding-missing = Falta el renglón { $row }.
audit-finding-reason = El renglón { $row } tiene otro motivo que el dado.
audit-finding-reason-gone = El renglón { $row } perdió su motivo, y ninguna orden lo destruyó.
audit-finding-reason-back = El renglón { $row } tiene un motivo que una orden destruyó.
audit-finding-checkpoint = El renglón { $row } es otro que el que dice un punto de control.
