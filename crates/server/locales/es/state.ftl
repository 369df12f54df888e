# El panorama del estado, el trimestre de una agencia, los trabajos, lo publicado.
navigation-agency = Su trimestre
navigation-state = El estado
navigation-jobs = Trabajos
navigation-published = Informe publicado
act-asked = pidió
act-done = se terminó
act-failed = falló
act-cancelled = se canceló
act-interrupted = se interrumpió
subject-job = trabajo { $number }

# Lo publicado
published-tab = Informe
published-heading = El informe publicado
published-pages = Leer el informe
published-pages-about = En este sitio, con gráficos y tablas.
published-pdf = Imprimir el informe
published-pdf-about = Lo mismo en PDF.
published-tables = Las cifras como datos
published-tables-about = Tablas para una hoja de cálculo (CSV). Cada una lleva al lado una descripción que leen los programas.
published-how = Cómo se hicieron las cifras
published-how-about = Las cifras sobre personas se publicaron con reglas que protegen a cada una. El informe dice qué reglas, y cuán exacta es cada cifra.
published-none = Aquí no hay nada publicado todavía.
published-none-next = Cuando el estado publique su informe, estará aquí para que todos lo lean.

# El panorama del estado
state-tab = Estado
state-heading = El panorama del estado
state-lead = Cada cifra lleva al lugar de donde viene.
state-internal = Es para el trabajo. No es para publicar.
state-of-agency = Usted ve las sumas del estado, lo publicado y lo que envió su agencia.
state-english = Los gráficos y las tablas siguientes están en inglés.
state-made = Abrir el último informe hecho en páginas
state-none = Todavía no hay informes trimestrales. El panorama empieza con el primero que se acepte.
state-findings = Lo que llama la atención de las cifras
state-findings-none = No se encontró nada.
state-notes = Notas

# De dónde viene una cifra
explain-tab = Estado
explain-name = Nombre
explain-definition = Definición
explain-definition-source = Fuente de la definición
explain-coverage = Quién está incluido
explain-as-of = Con fecha de
explain-note = Lo que dice el informe trimestral
explain-sources = Informes trimestrales
explain-sources-none = No se nombra ninguno.
explain-row = fila { $row }
explain-revisions = Respuestas anteriores
explain-revisions-none = No hay respuestas anteriores.
explain-findings = Lo que llama la atención
explain-findings-none = No se encontró nada.
figure-hidden = menos de 11, oculto
figure-unknown = se desconoce
figure-not-collected = no se recoge
figure-not-stated = no se indica
standing-published = publicado por su fuente
standing-submitted = interno, no para publicar
standing-synthetic = Inventado para practicar
filter-period = Periodo
filter-reporter = Informado por
filter-task-force = Grupo de trabajo
filter-county = Condado
filter-agency = Organismo
filter-trafficking-type = Tipo de trata
filter-statute = Artículo
filter-age = Edad
filter-status = Situación
filter-caution = Precaución

# Su trimestre
agency-tab = Trimestre
agency-heading = Su trimestre
agency-reported = { $reported } de { $expected } grupos de trabajo lo han informado
agency-whole = Sus propias cifras están tal como las envió. Las del estado se ocultan donde son pequeñas, o dirían lo que envió otra agencia.
agency-none = Su agencia todavía no tiene ningún informe trimestral aceptado.
agency-none-next = Sus cifras estarán aquí, junto a las del estado, en cuanto se acepte un informe trimestral.
agency-next = Qué hacer ahora
agency-next-none = No se espera nada: su agencia no ha empezado a presentar sus informes en el navegador.
agency-next-caption = Sus informes de los últimos trimestres
agency-quarter = Trimestre
agency-filed = Informe
agency-due = Último día
agency-late = { $days ->
    [one] un día de retraso
   *[other] { $days } días de retraso
}
agency-go-on = complételo o responda
agency-questions = Preguntas sobre sus cifras
agency-questions-none = Ninguna regla encontró nada que preguntar.
agency-figures = Sus cifras
agency-figures-caption = Su agencia junto al estado
agency-counted = Qué se cuenta
agency-own = Usted
agency-before = Trimestre anterior
agency-state = Estado
agency-who = Quién está incluido
agency-not-sent = no se envió
agency-no-sum = no hay suma
agency-coverage = { $reported } de { $expected }
agency-charts = Trimestre a trimestre
agency-charts-drawn = Columnas desde cero, una por cada trimestre.
agency-charts-about = Lo que envió su agencia, sumado en sus propias celdas.

# Trabajos
jobs-tab = Trabajos
jobs-heading = Trabajos
jobs-lead = Aquí se hacen los trabajos largos, uno por uno, mientras usted hace otra cosa.
jobs-ask = Pedir un trabajo
jobs-kind = Qué hay que hacer
jobs-button = Pedirlo
jobs-error-kind = Elija qué hay que hacer
jobs-error-open = Uno de este tipo ya espera o está en marcha. Espere a que termine o cancélelo antes
jobs-listed = Últimos trabajos
jobs-none = Todavía no se ha pedido ningún trabajo.
jobs-caption = Trabajos, los más nuevos primero
jobs-number = Número
jobs-what = Qué
jobs-state = Cómo va
jobs-asked-by = Lo pidió
jobs-asked-at = Pedido (UTC)
job-report = Informe del estado
job-about-report = páginas con cada gráfico y tabla, para leer aquí
job-people = Recuento de personas
job-about-people = nadie contado dos veces, como intervalo
job-estimate = Estimación
job-about-estimate = cuántas personas no están en ninguna lista
job-waiting = Espera su turno
job-running = En marcha
job-done = Terminado
job-failed = Falló
job-cancelled = Cancelado
job-interrupted = Interrumpido: el servidor se detuvo. Pídalo otra vez
job-progress = Pasos
job-again = Mirar otra vez
job-leave = Puede salir de esta página. El trabajo sigue.
job-cancel = Cancelar este trabajo
job-why = No se pudo hacer
job-why-next = No cambió nada. Cuando la causa ya no exista, pídalo otra vez.
job-open-report = Abrir el informe (en inglés)
job-started = Empezó (UTC)
job-ended = Terminó (UTC)
job-result-report = El informe tiene { $number } cifras.
job-result-people = Entre { $low } y { $high } personas están en las listas de las agencias.
job-result-estimate = Hay entre { $low } y { $high } personas en total, incluidas las que no están en ninguna lista.
